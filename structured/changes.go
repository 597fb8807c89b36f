package structured

// constructType and constructProperties are the attributes of a construct in CDK's
// tree.json that say what it is synthesized to.
const (
	constructType       = "aws:cdk:cloudformation:type"
	constructProperties = "aws:cdk:cloudformation:props"
)

// at returns the context below v, which may be a construct or a change of a
// resource: both say its type.
func (in context) at(v *value, path []string) context {
	if kind := v.get(constructType).string(); kind != "" {
		in.resource, in.base = kind, len(path)+1
	}
	if kind := v.get("ResourceType").string(); kind != "" {
		in.resource = kind
	}
	return in
}

// changed reads a resource as it was or will be, which a change set holds as a text
// in JSON: {"Properties": {...}}.
func (r *reading) changed(in context, path []string, v *value) {
	inner, err := parseBoundedJSON([]byte(v.string()))
	if err != nil {
		return
	}
	scalars(inner, func(s *value) { s.start, s.end = v.start, v.end })
	in.base = len(path) + 1
	r.walk(in, path, inner)
}
