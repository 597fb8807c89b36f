package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
)

func pushCommand(s streams) *cobra.Command {
	var flags scanFlags
	var limit time.Duration
	c := &cobra.Command{
		Use:   "push [REMOTE [URL]]",
		Short: "Scan the commits that a push would publish (pre-push hook)",
		Long: `Scan the commits that a push would publish: those that no remote-tracking ref of
REMOTE holds. The pre-commit framework names them in PRE_COMMIT_FROM_REF and
PRE_COMMIT_TO_REF; git names them on standard input, a line
"LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID" for each ref. Where nothing is named, as by
hand, all that branches and tags have and no remote-tracking ref has.`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return within(c.Context(), limit, func(ctx context.Context) error { return scanPush(ctx, s, &flags, args) })
		},
	}
	flags.register(c.Flags())
	c.Flags().DurationVar(&limit, "timeout", 0, "refuse the push when the scan takes longer (default no limit)")
	return c
}

func scanPush(ctx context.Context, s streams, f *scanFlags, args []string) error {
	p, err := readPush(s, args)
	if err != nil || len(p.publish) == 0 && !p.unnamed {
		return err // without any: only deletions
	}
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return err
	}
	defer r.Close()
	if p.unnamed {
		if err := p.name(r); err != nil || len(p.publish) == 0 {
			return err // without any: there is no commit yet
		}
	}
	known, err := p.known(r)
	if err != nil {
		return err
	}
	return scanPublished(ctx, s, f, r, "push", p.publish, known)
}

// push is what git or the pre-commit framework say of one.
type push struct {
	remote  string   // its name, or its URL where it has none
	publish []string // what is to be published: ids, or revisions from a person
	there   []string // what the remote is known to have
	unnamed bool     // nobody says what is pushed, or to where
}

func readPush(s streams, args []string) (push, error) {
	p := push{remote: s.env("PRE_COMMIT_REMOTE_NAME")}
	if len(args) > 0 {
		p.remote = args[0]
	}
	from, to := s.env("PRE_COMMIT_FROM_REF"), s.env("PRE_COMMIT_TO_REF")
	if to != "" { // the framework names no base for a push of a new branch's root
		p.publish = []string{to}
		if from != "" {
			p.there = []string{from}
		}
		return p, nil
	}
	if p.remote == "" && isTerminal(s.in) {
		p.unnamed = true
		return p, nil
	}
	updates, err := readUpdates(s.in, 4, "a pre-push hook: want `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`")
	for _, u := range updates {
		local, remote := u[1], u[3]
		if local == zeroID(local) {
			continue // the ref is deleted: nothing is published
		}
		p.publish = append(p.publish, local)
		if remote != zeroID(remote) {
			p.there = append(p.there, remote)
		}
	}
	p.unnamed = p.remote == "" && len(updates) == 0
	return p, err
}

// name makes up for a push that nobody names: a container of the pre-commit
// framework, for one, gets neither its variables nor standard input.
func (p *push) name(r *git.Repository) error {
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		tips, err := r.Tips(prefix)
		if err != nil {
			return err
		}
		p.publish = append(p.publish, tips...)
	}
	head, err := r.Head()
	if err != nil {
		return err
	}
	if head != "" {
		p.publish = append(p.publish, head)
	}
	p.there, err = r.Tips("refs/remotes/")
	return err
}

// known gives the commits that the remote has. What it moved to while we did not
// look may not be here: then only its tracking refs tell. To another remote than
// the one these are of, everything is news.
func (p *push) known(r *git.Repository) ([]string, error) {
	var ids []string
	if p.remote != "" {
		var err error
		if ids, err = r.Tips("refs/remotes/" + p.remote + "/"); err != nil {
			return nil, fmt.Errorf("find what %s has: %w", p.remote, err)
		}
	}
	for _, id := range p.there {
		if isID := len(id) == 2*r.HashSize; !isID || r.Has(id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
