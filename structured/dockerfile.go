package structured

import (
	"bytes"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleDockerfile = "dockerfile-secret"

const useBuildMount = "RUN --mount=type=secret,id=NAME for builds, and a variable that is set when the container starts"

// Dockerfile returns the extractor of ENV and ARG in Dockerfiles (the reference's
// "Environment replacement"), whose values stay in the image's history. Stateless;
// safe for concurrent use.
func Dockerfile() scanner.Extractor { return dockerfile{} }

type dockerfile struct{}

func (dockerfile) Triggers() []string { return []string{"\nENV ", "\nARG "} }

func (dockerfile) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleDockerfile, Service: "Docker", Kind: "variable of an image",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "The credential, to everyone who can pull the image: its history and its configuration show it.",
		Revoke: "Change the credential, and build the image anew without it.",
	}}
}

// Extract reads a text that has a FROM instruction.
func (dockerfile) Extract(text []byte) []scanner.Extract {
	if len(text) > maxText || !bytes.HasPrefix(text, []byte("FROM ")) && !bytes.Contains(text, []byte("\nFROM ")) {
		return nil
	}
	r := reading{text: text, seen: map[int]bool{}}
	instruction := "" // that continues on the next line
	for start := 0; start < len(text); start = nextLine(text, start) {
		line := string(bytes.TrimRight(text[start:nextLine(text, start)], "\r\n"))
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		at := start
		if instruction == "" {
			word, rest, _ := strings.Cut(line, " ")
			switch strings.ToUpper(word) {
			case "ENV", "ARG":
				instruction = strings.ToUpper(word)
				at += len(line) - len(rest)
				line = rest
			}
		}
		if instruction != "" {
			r.image(instruction, line, at)
		}
		if !strings.HasSuffix(line, "\\") {
			instruction = ""
		}
	}
	return r.found
}

// image judges the assignments of a line of ENV or ARG, which stands at offset at:
// NAME=value pairs, or a name and the rest of the line.
func (r *reading) image(instruction, line string, at int) {
	name, rest, isOld := strings.Cut(strings.TrimLeft(line, " \t"), " ")
	if isOld && instruction == "ENV" && !strings.Contains(name, "=") && isIdentifier(name) {
		r.imageVariable(instruction, name, strings.TrimSpace(rest), line, at)
		return
	}
	for i := range len(line) {
		if line[i] == '=' {
			if name := lastName(line[:i]); name != "" && (i == len(name) || isSpace(line[i-len(name)-1])) {
				r.imageVariable(instruction, name, firstValue(line[i+1:]), line, at)
			}
		}
	}
}

func (r *reading) imageVariable(instruction, name, text, line string, at int) {
	if text = fallback(text); strings.HasPrefix(text, "$") && isIdentifier(text[1:]) {
		return // of another variable
	}
	if isPlausible(classifyName(name), text) {
		r.report(ruleDockerfile, instruction+" "+name, useBuildMount, text, &value{kind: scalar, text: line, start: at, end: at + len(line)})
	}
}
