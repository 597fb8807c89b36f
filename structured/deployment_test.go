package structured

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// lines joins the lines of a sample.
func lines(of ...string) string { return strings.Join(of, "\n") + "\n" }

func TestDeployments(t *testing.T) {
	a, b, c := password(), password(), password()
	for _, tt := range []struct {
		name, text string
		want       map[string]string
	}{
		{"compose", lines("services:", "  db:", "    image: postgres", "    environment:", "      POSTGRES_PASSWORD: "+a, "      POSTGRES_USER: app",
			"  web:", "    environment:", "      - API_TOKEN="+b, "      - PASSWORD", "    build: {args: {NPM_TOKEN: "+c+"}}"),
			map[string]string{"services.db.environment.POSTGRES_PASSWORD": a, "services.web.environment[0]": b, "services.web.build.args.NPM_TOKEN": c}},
		{"compose, a fallback", lines("services:", "  db:", "    environment:", "      DB_PASSWORD: ${DB_PASSWORD:-"+a+"}", "      TOKEN: ${TOKEN-"+b+"}", "      API_KEY: ${API_KEY}"),
			map[string]string{"services.db.environment.DB_PASSWORD": a, "services.db.environment.TOKEN": b}},
		{"compose, safe forms", lines("services:", "  db:", "    environment:", "      POSTGRES_PASSWORD_FILE: /run/secrets/db", "      OTHER_PASSWORD: /run/secrets/other",
			"      DB_PASSWORD: ${DB_PASSWORD:?unset}", "    secrets: [db_password]", "secrets:", "  db_password:", "    file: ./db1.txt"), nil},
		{"Kubernetes", lines("apiVersion: apps/v1", "kind: Deployment", "spec:", "  containers:", "    - env:", "        - name: DB_PASSWORD", "          value: "+a,
			"        - value: "+b, "          name: API_TOKEN", "        - name: OTHER_PASSWORD", "          valueFrom:", "            secretKeyRef: {name: db, key: password1}",
			"      args: [--log-level, debug, --auth-token, "+c+"]"),
			map[string]string{"spec.containers[0].env[0].value": a, "spec.containers[0].env[1].value": b, "spec.containers[0].args[3]": c}},
		{"Kubernetes, an argument", lines("apiVersion: batch/v1", "kind: Job", "spec:", "  containers:", "    - args: ['--db-password="+a+"']"),
			map[string]string{"spec.containers[0].args[0]": a}},
		{"Kubernetes, a ConfigMap", lines("apiVersion: v1", "kind: ConfigMap", "data:", "  DB_PASSWORD: "+a, "  REGION: eu-1"), map[string]string{"data.DB_PASSWORD": a}},
		{"a Secret is another extractor's", lines("apiVersion: v1", "kind: Secret", "stringData:", "  containers: x", "  password: "+a), nil},
		{"GitHub", lines("on: push", "env: {DB_PASSWORD: "+a+"}", "jobs:", "  test:", "    runs-on: ubuntu-latest", "    steps:", "      - uses: x/login@v1",
			"        with: {username: u, password: "+b+", cache-key: build-1-2}", "        env:", "          TOKEN: ${{ secrets.TOKEN }}", "          API_KEY: ${{ secrets.KEY || '"+c+"' }}"),
			map[string]string{"env.DB_PASSWORD": a, "jobs.test.steps[0].with.password": b, "jobs.test.steps[0].env.API_KEY": c}},
		{"GitHub, a called workflow", lines("on: push", "jobs:", "  call:", "    uses: ./x.yml", "    secrets:", "      deploy: "+a), map[string]string{"jobs.call.secrets.deploy": a}},
		{"GitLab", lines("variables:", "  DEPLOY_TOKEN:", "    value: "+a, "    description: what for", "job:", "  variables: {ADMIN_PASSWORD: "+b+"}", "  script: [make]"),
			map[string]string{"variables.DEPLOY_TOKEN.value": a, "job.variables.ADMIN_PASSWORD": b}},
		{"CircleCI", lines("version: 2.1", "jobs:", "  build:", "    docker:", "      - image: x", "        auth: {username: u, password: "+a+"}"), map[string]string{"jobs.build.docker[0].auth.password": a}},
		{"Azure", lines("variables:", "  - name: dbPassword", "    value: "+a, "steps:", "  - script: make", "    env: {API_SECRET: "+b+"}"),
			map[string]string{"variables[0].value": a, "steps[0].env.API_SECRET": b}},
		{"CodeBuild", lines("version: 0.2", "env:", "  variables:", "    DB_PASSWORD: "+a, "  parameter-store:", "    TOKEN: /prod/token1x2", "  secrets-manager:", "    PASSWORD: prod1/db2:password", "phases:", "  build: {commands: [make]}"),
			map[string]string{"env.variables.DB_PASSWORD": a}},
		{"serverless", lines("service: app", "provider:", "  name: aws", "  environment:", "    DB_PASSWORD: "+a, "    TOKEN: ${ssm:/app/token}", "functions:", "  f: {environment: {JWT_SECRET: "+b+"}}"),
			map[string]string{"provider.environment.DB_PASSWORD": a, "functions.f.environment.JWT_SECRET": b}},
		{"Lambda's API", `{"FunctionName": "f", "Environment": {"Variables": {"DB_PASSWORD": "` + a + `", "STAGE": "prod"}}}`, map[string]string{"Environment.Variables.DB_PASSWORD": a}},
		{"Helm", lines("replicaCount: 1", "image: {repository: app, tag: 1.2.3}", "postgresql:", "  auth:", "    username: app", "    password: "+a, "    existingSecret: app2-db3", "secretEnv:", "  STRIPE: "+b,
			"rabbitmq:", "  auth: {erlangCookie: "+c+"}", "ingress:", "  tls: [{secretName: chart1-tls2}]"),
			map[string]string{"postgresql.auth.password": a, "secretEnv.STRIPE": b, "rabbitmq.auth.erlangCookie": c}},
		{"Helm, an umbrella chart", lines("# values", "redis:", "  auth:", "    enabled: true", "    password: "+a, "    usePasswordFiles: false"), map[string]string{"redis.auth.password": a}},
		{"Helm, empty and referred to", lines("image: {repository: x}", "auth:", "  password: \"\"", "  existingSecret: my-secret", "  existingSecretPasswordKey: password1", "  token: {{ .Values.x }}"), nil},
		{"HelmRelease", lines("apiVersion: helm.toolkit.fluxcd.io/v2", "kind: HelmRelease", "spec:", "  values:", "    auth:", "      rootPassword: "+a), map[string]string{"spec.values.auth.rootPassword": a}},
		{"settings of another kind", lines("steps_: 1", "password: "+a), nil},
		{"the databases of the name service", lines("passwd: compat1x2", "hosts: files dns", "services:  db files"), nil},
		{"a program", "import os\nenvironment:\n  password: " + a + "\n", nil},
		{"no YAML", "services:\n  - a\n b: [\nenvironment:\n password: " + a + "\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			require.Equal(t, tt.want, found(t, Deployments(), tt.text))
		})
	}
}

// The safe form names what that kind of file can refer to.
func TestDeploymentsSayWhatToWrite(t *testing.T) {
	for instead, text := range map[string]string{
		useComposeSecret:  "services:\n  a:\n    environment:\n      PASSWORD: ",
		useSecretKeyRef:   "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - env:\n    - name: PASSWORD\n      value: ",
		useWorkflowSecret: "on: push\njobs:\n  a:\n    env:\n      PASSWORD: ",
		useMaskedVariable: "stages: [a]\nvariables:\n  PASSWORD: ",
		useBuildStore:     "version: 0.2\nphases: {}\nenv:\n  variables:\n    PASSWORD: ",
		useServerless:     "service: x\nprovider:\n  environment:\n    PASSWORD: ",
		useExistingSecret: "replicaCount: 1\nauth:\n  password: ",
	} {
		all := Deployments().Extract([]byte(text + password() + "\n"))
		require.Len(t, all, 1, text)
		require.Equal(t, instead, all[0].Details[1].Value)
	}
}

func TestDockerfile(t *testing.T) {
	a, b, c := password(), password(), password()
	for _, tt := range []struct {
		name, text string
		want       map[string]string
	}{
		{"pairs", lines("FROM debian", "ENV API_SECRET="+a+" STAGE=prod", "ARG NPM_TOKEN='"+b+"'"), map[string]string{"ENV API_SECRET": a, "ARG NPM_TOKEN": b}},
		{"the old form", lines("FROM debian", "env MYSQL_ROOT_PASSWORD "+a), map[string]string{"ENV MYSQL_ROOT_PASSWORD": a}},
		{"several lines", lines("FROM debian", "ENV A=b \\", "    # why", "    ADMIN_PASSWORD=\""+a+"\" \\", "    C=d", "RUN TOKEN="+b+" make"), map[string]string{"ENV ADMIN_PASSWORD": a}},
		{"a fallback", lines("FROM debian", "ENV PASSWORD=${PASSWORD:-"+c+"}"), map[string]string{"ENV PASSWORD": c}},
		{"references", lines("FROM debian", "ARG PASSWORD", "ENV PASSWORD=$PASSWORD OTHER_PASSWORD=${OTHER} PASSWORD_FILE=/run/secrets/x"), nil},
		{"no Dockerfile", lines("The image has", "ENV PASSWORD="+a), nil},
		{"no end", "FROM x\nENV PASSWORD=" + a, map[string]string{"ENV PASSWORD": a}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			require.Equal(t, tt.want, found(t, Dockerfile(), tt.text))
		})
	}
}
