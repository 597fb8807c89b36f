package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/hooks"
	"github.com/shrike-scan/shrike/respond"
	"github.com/shrike-scan/shrike/scanner"
)

// remedies says what to do about findings, with the commands for this repository.
type remedies struct {
	streams
	repo  *git.Repository
	again string // what to do again in the end: "commit", "push", "scan"

	known struct{ head, remote *string } // asked for once a finding
}

// head is the id of HEAD's commit, empty while there is none.
func (m *remedies) head() string {
	if m.known.head == nil {
		id, _ := m.repo.Head() // a scan that cannot read it has failed before
		m.known.head = &id
	}
	return *m.known.head
}

// fewFiles is how many files or findings a command line names.
const fewFiles = 5

const instead = "Write the name of an environment variable, or of an entry in a secret store, where the value stands, and load the value when the program runs."

// staged is for who is about to commit.
func (m *remedies) staged(fs []*scanner.Finding) []scanner.Step {
	return append(m.unstage(fs), accept(fs, m.again))
}

func (m *remedies) unstage(fs []*scanner.Finding) []scanner.Step {
	unstage := "git restore --staged -- "
	if m.head() == "" {
		unstage = "git rm --cached -- "
	}
	return []scanner.Step{
		{Do: "Unstage it:", Run: []string{unstage + strings.Join(m.paths(fs), " ")}},
		{Do: instead},
	}
}

// message is for who is about to commit with a message that holds it.
func (m *remedies) message(file string) func([]*scanner.Finding) []scanner.Step {
	return func(fs []*scanner.Finding) []scanner.Step {
		return []scanner.Step{
			{Do: "Take it out of the message, which is kept, and commit again:", Run: []string{"git commit --edit --file=" + respond.Quote(file)}},
			accept(fs, m.again),
		}
	}
}

// history is for who has commits, some of which may be published.
func (m *remedies) history(fs []*scanner.Finding) []scanner.Step {
	steps := m.cleanHistory(fs)
	pushed := 0
	for _, f := range fs {
		if f.Exposure != nil && f.Exposure.State == scanner.ExposedPushed {
			pushed++
		}
	}
	if pushed > 0 {
		first := scanner.Step{Do: fmt.Sprintf("Rotate what was pushed (%s) first: it may have been read, and no cleaning takes that back.", counted(pushed, "secret"))}
		steps = slices.Insert(steps, 0, first)
	}
	return append(steps, accept(fs, m.again))
}

// cleanHistory takes findings out of commits, by how far these have got.
func (m *remedies) cleanHistory(fs []*scanner.Finding) []scanner.Step {
	var staged, local, pushed, loose []*scanner.Finding
	for _, f := range fs {
		switch {
		case f.Exposure == nil:
		case f.Exposure.State == scanner.ExposedStaged:
			staged = append(staged, f)
		case f.Exposure.State == scanner.ExposedPushed:
			pushed = append(pushed, f)
		case f.Reach == "stash" || f.Reach == "reflog" || f.Reach == "unreachable":
			loose = append(loose, f)
		default:
			local = append(local, f)
		}
	}
	var steps []scanner.Step
	if len(pushed) > 0 {
		steps = append(steps, m.clean())
	}
	if len(local) > 0 {
		steps = append(steps, m.rewrite(local))
	}
	if len(staged) > 0 {
		steps = append(steps, m.unstage(staged)...)
	} else if len(local) > 0 {
		steps = append(steps, scanner.Step{Do: instead})
	}
	if len(loose) > 0 {
		steps = append(steps, scanner.Step{
			Do:  "Let git forget what no branch or tag holds. Nothing of it comes back, so look at `git stash list` and `git reflog` before.",
			Run: []string{"git reflog expire --expire-unreachable=now --all && git gc --prune=now"},
		})
	}
	return steps
}

// clean removes secrets from published history. The clone is new because
// git filter-repo wants one, and so that nothing local is lost.
func (m *remedies) clean() scanner.Step {
	remote := m.remote()
	return scanner.Step{
		Do: "Clean the history with git filter-repo, and replace the published one. Every other clone must be made anew, and the host be asked to forget what no ref holds.",
		Run: []string{
			"shrike git --filter-repo ../replacements.txt   # it holds the secrets: delete it afterwards",
			"git clone --mirror " + remote + " ../clean.git && cd ../clean.git",
			"git filter-repo --replace-text ../replacements.txt --replace-message ../replacements.txt",
			"git push --force " + remote + " 'refs/heads/*:refs/heads/*' 'refs/tags/*:refs/tags/*'",
		},
	}
}

// rewrite removes secrets from commits that nobody else has.
func (m *remedies) rewrite(fs []*scanner.Finding) scanner.Step {
	var first *scanner.Commit
	head, lastOnly := m.head(), true
	for _, f := range fs {
		if c := f.Introduced; c != nil {
			lastOnly = lastOnly && c.ID == head && len(commitsOf(f)) < 2
			if first == nil || c.Date.Before(first.Date) {
				first = c
			}
		}
	}
	switch {
	case first == nil:
		return scanner.Step{Do: "Take it out of the commits before you push them."}
	case lastOnly:
		return scanner.Step{Do: "Take it out of the files, and amend the last commit:", Run: []string{"git commit --amend --all"}}
	}
	base := short(first.ID) + "^"
	if m.repo.IsRoot(first.ID) {
		base = "--root"
	}
	return scanner.Step{
		Do:  "Take it out of the commits that nobody else has: mark each that brings it with `edit`, mend its files, amend it, and go on.",
		Run: []string{"git rebase --interactive " + base, "git commit --amend --all && git rebase --continue"},
	}
}

// refused is for who pushes to this repository from elsewhere.
func (m *remedies) refused(fs []*scanner.Finding) []scanner.Step {
	return append(m.unpush(fs),
		scanner.Step{Do: "If it is no secret, say so where it stands, with a reason, and amend:", Run: []string{"# shrike:allow " + ruleIDs(fs) + " REASON"}})
}

func (m *remedies) unpush(fs []*scanner.Finding) []scanner.Step {
	step := scanner.Step{
		Do:  "Nothing of the push was kept. Take it out of the commits: amend the last one, or mark each that brings it with `edit`, and push again.",
		Run: []string{"git commit --amend --all"},
	}
	if first := fs[0].Introduced; first != nil {
		step.Run = append(step.Run, "git rebase --interactive "+short(first.ID)+"^")
	}
	return []scanner.Step{step, {Do: instead}}
}

// accept is for who knows better.
func accept(fs []*scanner.Finding, again string) scanner.Step {
	if len(fs) > fewFiles {
		return scanner.Step{
			Do:  "What is no secret, or a risk that is known, accept with a reason, and " + again + " again. This goes through them one by one:",
			Run: []string{"shrike baseline audit"},
		}
	}
	var ids []string
	for _, f := range fs {
		ids = append(ids, f.Fingerprint[:min(len(f.Fingerprint), 12)])
	}
	return scanner.Step{
		Do:  "If it is no secret, or a risk that is known, accept it with a reason, and " + again + " again. A comment `shrike:allow " + ruleIDs(fs) + " REASON` on the line does the same there.",
		Run: []string{"shrike baseline accept " + strings.Join(ids, " ") + " --reason WHY"},
	}
}

// ruleIDs names the rule of findings as an allow comment does; of several it says
// RULE, for each line wants its own.
func ruleIDs(fs []*scanner.Finding) string {
	for _, f := range fs {
		if f.Rule.ID != fs[0].Rule.ID {
			return "RULE"
		}
	}
	return fs[0].Rule.ID
}

// paths lists the files of findings for a command line. From below the work tree's
// root they are given from there on: see pathspec in gitglossary(7).
func (m *remedies) paths(fs []*scanner.Finding) []string {
	root := ":/"
	if here, err := os.Getwd(); err == nil && m.env("GIT_PREFIX") == "" && sameFile(here, m.repo.WorkTree) {
		root = ""
	}
	var list []string
	for _, f := range fs {
		for i := range f.Occurrences {
			if path := f.Occurrences[i].Path; path != "" {
				list = append(list, respond.Quote(root+path))
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > fewFiles {
		return []string{respond.Quote(":/")}
	}
	return list
}

// remote is the URL of origin, or of the first remote, without what it may hold of
// a password.
func (m *remedies) remote() string {
	if m.known.remote == nil {
		url := m.readRemote()
		m.known.remote = &url
	}
	return *m.known.remote
}

func (m *remedies) readRemote() string {
	settings, err := hooks.ReadSettings(m.repo.CommonDir, m.repo.GitDir, m.env)
	if err != nil || len(settings.Remotes) == 0 {
		return "URL"
	}
	chosen := settings.Remotes[0].Value
	for _, r := range settings.Remotes {
		if r.From == "origin" {
			chosen = r.Value
		}
	}
	if u, err := url.Parse(chosen); err == nil && u.User != nil && u.Scheme != "ssh" {
		u.User = nil
		chosen = u.String()
	}
	if !strings.Contains(chosen, ":") && !filepath.IsAbs(chosen) {
		chosen = filepath.Join(m.repo.WorkTree, chosen)
	}
	return respond.Quote(chosen)
}

func short(id string) string { return id[:min(len(id), 12)] }

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
