// Package upload sends a SARIF file to GitHub's code scanning, from wherever a
// pipeline runs:
//
//	Check    the file is within the limits, before anything is sent
//	Send     POST /repos/OWNER/REPO/code-scanning/sarifs, gzip inside base64
//	Await    GET the same with the upload's id, until GitHub has read it
//
// The interface is that of docs.github.com/en/rest/code-scanning, version
// 2022-11-28. GitHub Enterprise Server has the same below another base URL.
package upload
