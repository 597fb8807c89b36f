package config

import "github.com/shrike-scan/shrike/scanner"

// OwnChecks returns the live checks of the configuration's own rules by rule id,
// once judge finds nothing wrong with any. judge names the key at fault; errors are
// as those of Decode.
func (c *Config) OwnChecks(judge func(*scanner.HTTPCheck) (key string, err error)) (map[string]*scanner.HTTPCheck, error) {
	var problems problems
	checks := map[string]*scanner.HTTPCheck{}
	for i := range c.Own {
		rule := &c.Own[i]
		if rule.HTTP == nil {
			continue
		}
		checks[rule.ID] = rule.HTTP
		if key, err := judge(rule.HTTP); err != nil {
			at := c.places.at(joinKey(joinKey(joinIndex("rules", i), "http"), key))
			problems.add(at, "%q: %v", joinKey("http", key), err)
		}
	}
	return checks, problems.errors()
}
