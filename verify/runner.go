package verify

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Options of a Runner. Zero fields take the defaults.
type Options struct {
	Workers int           // requests at once; default 8
	Timeout time.Duration // for one credential, retries included; default 10 s
	Hosts   HostList      // that may be contacted; nil: all
}

// Runner verifies findings with the verifier that their rule names. Safe for
// concurrent use.
type Runner struct {
	options   Options
	verifiers map[string]Verifier
	now       func() time.Time
	key       []byte // of the cache; random, so that its keys tell nobody anything

	mu      sync.Mutex
	settled map[cacheKey]scanner.Verdict // live, dead and canary: what a second request would not change
}

type cacheKey [sha256.Size]byte

// NewRunner returns a runner of the given verifiers by the name that rules call
// them (scanner.Rule.Verify), or by the id of the one rule that they are for.
func NewRunner(verifiers map[string]Verifier, o Options) *Runner {
	if o.Workers <= 0 {
		o.Workers = 8
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	return &Runner{options: o, verifiers: verifiers, now: time.Now, key: key, settled: map[cacheKey]scanner.Verdict{}}
}

// Asks reports whether there is a verifier for what a rule finds.
func (r *Runner) Asks(rule *scanner.Rule) bool { return r.verifiers[nameOf(rule)] != nil }

// Hosts returns the hosts that Run may contact for the findings, sorted: what a
// user should see before the first call.
func (r *Runner) Hosts(fs []*scanner.Finding) []string {
	var hosts []string
	for _, f := range fs {
		if v, c := r.verifierOf(f); v != nil && !isCanary(c) {
			allowed, _ := r.options.Hosts.split(v.Hosts(c))
			hosts = append(hosts, allowed...)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// Run sets the Verdict of every finding that has a verifier and all the parts it
// needs, and leaves the others alone. Equal credentials are asked for once. When
// ctx ends, the findings not yet asked for become unknown and Run returns the
// context's error.
func (r *Runner) Run(ctx context.Context, fs []*scanner.Finding) error {
	jobs := r.jobs(fs)
	queue := make(chan *job)
	var workers sync.WaitGroup
	for range min(r.options.Workers, len(jobs)) {
		workers.Go(func() {
			for j := range queue {
				verdict := r.verify(ctx, j)
				for _, f := range j.findings {
					own := verdict
					own.Details = slices.Clone(verdict.Details)
					f.Verdict = &own
				}
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	workers.Wait()
	return ctx.Err()
}

// job is one credential and the findings that hold it.
type job struct {
	key        cacheKey
	verifier   Verifier
	credential Credential
	findings   []*scanner.Finding
	turn       int // how many credentials for the same hosts come before
}

// jobs groups the findings by credential. Those for the same hosts keep their order;
// hosts take turns, so that a thousand keys for one do not keep the others waiting.
func (r *Runner) jobs(fs []*scanner.Finding) []*job {
	var jobs []*job
	byKey := map[cacheKey]*job{}
	turns := map[string]int{} // by hosts
	for _, f := range fs {
		verifier, credential := r.verifierOf(f)
		if verifier == nil {
			if f.Rule != nil && f.Rule.Verify != "" && r.verifiers[f.Rule.Verify] == nil {
				f.Verdict = &scanner.Verdict{State: Unknown, Reason: "its rule names a live check that does not exist", At: r.now().UTC()}
			}
			continue
		}
		key := r.cacheKey(nameOf(f.Rule), credential)
		j := byKey[key]
		if j == nil {
			hosts := strings.Join(verifier.Hosts(credential), " ")
			j = &job{key: key, verifier: verifier, credential: credential, turn: turns[hosts]}
			turns[hosts]++
			byKey[key] = j
			jobs = append(jobs, j)
		}
		j.findings = append(j.findings, f)
	}
	slices.SortStableFunc(jobs, func(a, b *job) int { return cmp.Compare(a.turn, b.turn) })
	return jobs
}

func (r *Runner) verifierOf(f *scanner.Finding) (Verifier, Credential) {
	c := Credential{Secret: f.Secret, Parts: f.Parts, Others: f.Others, Details: f.Details}
	if f.Rule == nil {
		return nil, c
	}
	v := r.verifiers[nameOf(f.Rule)]
	if v == nil || !v.Complete(c) {
		return nil, c
	}
	return v, c
}

// nameOf is what a rule's verifier is called by.
func nameOf(rule *scanner.Rule) string { return cmp.Or(rule.Verify, rule.ID) }

func (r *Runner) verify(ctx context.Context, j *job) scanner.Verdict {
	r.mu.Lock()
	verdict, found := r.settled[j.key]
	r.mu.Unlock()
	if found {
		return verdict
	}
	_, refused := r.options.Hosts.split(j.verifier.Hosts(j.credential))
	switch {
	case isCanary(j.credential):
		verdict = scanner.Verdict{State: Canary, Reason: "a planted trap: a call would alert its owner, so none was made"}
	case ctx.Err() != nil:
		verdict = scanner.Verdict{State: Unknown, Reason: "verification was stopped before this credential's turn"}
	case len(refused) > 0:
		verdict = unknown(strings.Join(refused, ", ") + ": not among the hosts that may be contacted")
	default:
		limited, cancel := context.WithTimeout(ctx, r.options.Timeout)
		verdict = j.verifier.Verify(limited, j.credential)
		cancel()
	}
	verdict.At = r.now().UTC()
	if verdict.State != Unknown {
		r.mu.Lock()
		r.settled[j.key] = verdict
		r.mu.Unlock()
	}
	return verdict
}

// cacheKey is a keyed hash of the credential, so that memory holds no second
// copy of it. Lengths keep the fields apart.
func (r *Runner) cacheKey(verifier string, c Credential) (key cacheKey) {
	mac := hmac.New(sha256.New, r.key)
	field := func(text string) {
		var length [8]byte
		binary.LittleEndian.PutUint64(length[:], uint64(len(text)))
		mac.Write(length[:])
		mac.Write([]byte(text))
	}
	field(verifier)
	field(c.Secret.Reveal())
	for _, p := range slices.Concat(c.Parts, c.Others) {
		field(p.Name)
		field(p.Value.Reveal())
	}
	mac.Sum(key[:0])
	return key
}
