package structured

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed cloudformation.txt
var cloudFormationProperties string

// sensitive maps a resource type to its secret properties' paths. It is built
// when the first template is read, for most scans meet none.
var sensitive = sync.OnceValue(func() map[string][]string {
	properties := map[string][]string{}
	resource := ""
	for line := range strings.Lines(cloudFormationProperties) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '\t':
			properties[resource] = append(properties[resource], line[1:])
		default:
			resource = line
		}
	}
	return properties
})

// What to write instead of a literal.
const (
	useDynamicReference = `"{{resolve:secretsmanager:SECRET-NAME:SecretString:KEY}}"`
	useGenerated        = "GenerateSecretString in place of SecretString, or a value set outside the template"
	useSecureString     = "a SecureString made outside the template, or AWS::SecretsManager::Secret with GenerateSecretString"
	useTaskSecrets      = "Secrets: [{Name: NAME, ValueFrom: SECRET-ARN}] in place of Environment"
	useBuildSecrets     = "Type: SECRETS_MANAGER with Value: SECRET-NAME:KEY"
	useRunTime          = "the secret's ARN in the environment, and secretsmanager:GetSecretValue at run time"
	useBootTime         = "aws secretsmanager get-secret-value at boot, under the instance's role"
	useNoEcho           = "NoEcho: true and no Default, or " + useDynamicReference + " where the value is used"
	useNoOutput         = "no output: store the value in AWS::SecretsManager::Secret and put out its ARN"
)

// remedy says what to write instead of a literal at a property of the resource
// type: where the service can make and keep the password itself, that.
func remedy(resource string) string {
	switch resource {
	case "AWS::DocDB::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance":
		return "ManageMasterUserPassword: true, or " + useDynamicReference
	case "AWS::Redshift::Cluster":
		return "ManageMasterPassword: true, or " + useDynamicReference
	case "AWS::RedshiftServerless::Namespace":
		return "ManageAdminPassword: true, or " + useDynamicReference
	case "AWS::SecretsManager::Secret":
		return useGenerated
	case "AWS::SSM::Parameter":
		return useSecureString
	case "AWS::ECS::TaskDefinition":
		return useTaskSecrets
	case "AWS::CodeBuild::Project":
		return useBuildSecrets
	case "AWS::Lambda::Function", "AWS::Serverless::Function":
		return useRunTime
	}
	return useDynamicReference
}
