"use strict";
(() => {
  // The report is the json format (docs/schema/report-1.json). Its strings may be hostile: they reach the page as
  // text nodes and attribute values only, and pass neutral, which shows what would reorder or hide text.
  const report = JSON.parse(document.getElementById("report").textContent);
  const findings = report.findings;

  const plain = /^[\x20-\x7e]*$/; // nearly all text is, and needs no closer look
  const neutral = (text) => plain.test(text) ? text : text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (c) => {
    const code = c.codePointAt(0);
    return code < 0x10000 ? "\\u" + code.toString(16).padStart(4, "0") : "\\U" + code.toString(16).padStart(8, "0");
  });
  const plural = (n, noun) => n.toLocaleString("en") + " " + noun + (n === 1 ? "" : "s");
  const element = (name, className, ...children) => {
    const e = document.createElement(name);
    if (className) e.className = className;
    for (const child of children) e.append(child instanceof Node ? child : neutral(String(child)));
    return e;
  };
  const byID = (id) => document.getElementById(id);
  const day = (commit) => (commit && commit.date || "").slice(0, 10);
  const short = (id) => (id || "").slice(0, 7);

  const title = (f) => f.service && !f.kind.toLowerCase().startsWith(f.service.toLowerCase()) ? f.service + " " + f.kind : f.kind;
  const place = (o) => {
    if (o.path) return o.path + ":" + Math.max(o.start_line, 1) + ":" + Math.max(o.start_column, 1);
    const id = short(o.commit ? o.commit.id : o.object);
    return o.where.replace("-", " ") + (id ? " of " + id : "");
  };
  // states are the answers to "is it still there?".
  const states = {
    open: ["open", (f) => !f.suppressed],
    present: ["still present", (f) => !f.suppressed && f.alive],
    history: ["only in history", (f) => !f.suppressed && !f.alive],
    pushed: ["pushed", (f) => !f.suppressed && f.exposure && f.exposure.state === "pushed"],
    suppressed: ["suppressed", (f) => f.suppressed],
    all: ["all", () => true],
  };
  const exposures = { worktree: "on disk only", staged: "staged, not committed", local: "committed, not pushed", pushed: "pushed: rotate it first" };
  const stateOf = (f) => {
    if (f.suppressed) return "suppressed by " + f.suppressed.by;
    if (f.alive) return f.introduced ? "still at HEAD" : "present";
    if (f.removed) return "removed in " + short(f.removed.id) + (day(f.removed) ? " of " + day(f.removed) : "");
    return f.reach && f.reach !== "ref" ? "only in " + f.reach + (f.reach === "unreachable" ? " objects" : "") : "only in history";
  };

  // haystacks hold, for each finding, all that a search looks at. They are made once.
  const haystacks = findings.map((f) => {
    const words = new Set([f.rule, f.service, f.kind, f.secret, f.fingerprint, f.severity, ...(f.refs || [])]);
    for (const d of f.details || []) words.add(d.name + " " + d.value);
    for (const p of f.parts || []) words.add(p.value);
    for (const o of f.occurrences) {
      words.add(o.path || o.where);
      if (o.commit) words.add(o.commit.id).add(o.commit.author).add(o.commit.email).add(o.commit.subject);
    }
    return [...words].filter(Boolean).map(neutral).join("\n").toLowerCase();
  });

  // The timeline counts introductions by month, or by year where they span many.
  const dates = findings.map((f) => day(f.introduced));
  const known = dates.filter((d) => /^\d{4}-\d{2}/.test(d)).sort();
  const span = known.length === 0 ? 0 : known[known.length - 1].slice(0, 4) - known[0].slice(0, 4);
  const periodLength = span > 4 ? 4 : 7; // of "2014" or "2014-02"
  const periodOf = (i) => dates[i].slice(0, periodLength);
  let period = "";

  const periods = () => {
    if (known.length === 0) return [];
    const out = [];
    let [year, month] = known[0].split("-").map(Number);
    const last = known[known.length - 1].slice(0, periodLength);
    for (;;) { // every period between the first and the last, empty ones included
      const name = String(year).padStart(4, "0") + (periodLength === 7 ? "-" + String(month).padStart(2, "0") : "");
      out.push(name);
      if (name >= last || out.length === 240) return out;
      if (periodLength === 4 || ++month > 12) { year++; month = 1; }
    }
  };

  const drawTimeline = () => {
    const names = periods();
    if (names.length === 0) return;
    const count = new Map(names.map((n) => [n, 0]));
    dates.forEach((d, i) => { if (count.has(periodOf(i)) && !findings[i].suppressed) count.set(periodOf(i), count.get(periodOf(i)) + 1); });
    const most = Math.max(1, ...count.values());
    const svg = (name, attributes, parent) => {
      const e = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
      parent.append(e);
      return e;
    };
    const width = 1000, height = 80, step = Math.min(width / names.length, 80);
    const root = svg("svg", { viewBox: "0 0 1000 80", preserveAspectRatio: "none", role: "group" }, byID("timeline"));
    byID("timeline").prepend(element("h2", "quiet", "Introduced, by " + (periodLength === 4 ? "year" : "month")));
    names.forEach((name, i) => {
      const n = count.get(name);
      const bar = svg("g", { tabindex: "0", role: "button", "aria-label": name + ": " + plural(n, "secret"), "data-period": name }, root);
      svg("title", {}, bar).textContent = name + ": " + plural(n, "secret");
      svg("rect", { class: "ground", x: i * step, y: 0, width: step, height: height }, bar);
      const tall = n === 0 ? 0 : Math.max(2, n / most * height);
      svg("rect", { x: i * step + step * .1, y: height - tall, width: step * .8, height: tall }, bar);
      const choose = () => { period = period === name ? "" : name; apply(); };
      bar.addEventListener("click", choose);
      bar.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(); } });
    });
    const labels = element("p", "quiet", names[0] + (names.length > 1 ? " to " + names[names.length - 1] : "") +
      ". Choose a bar to see what came then.");
    byID("timeline").append(labels);
  };

  const fill = (select, options) => {
    for (const [value, text] of options) {
      const o = element("option", "", text);
      o.value = value;
      select.append(o);
    }
  };
  const severities = ["critical", "high", "medium", "low"];
  for (const s of severities) {
    const box = element("input");
    box.type = "checkbox";
    box.checked = box.defaultChecked = true;
    box.value = s;
    byID("severities").append(element("label", "", box, " " + s));
  }
  const distinct = (values) => [...new Set(values)].filter(Boolean).sort();
  fill(byID("rule"), [["", "all"], ...distinct(findings.map((f) => f.rule)).map((r) => [r, r])]);
  fill(byID("state"), Object.entries(states).map(([value, [text]]) => [value, text]));
  fill(byID("verdict"), [["", "any"], ...distinct(findings.map((f) => f.verdict && f.verdict.state)).map((v) => [v, v])]);

  const pageSize = 100;
  const fewPlaces = 50;
  let matching = [];
  let drawn = 0;

  const places = (f) => {
    const body = element("tbody");
    const table = element("table", "", element("thead", "", element("tr", "", ...["Place", "Commit", "Date", "Author", "Notes"].map((h) => element("th", "", h)))), body);
    const add = (list) => {
      for (const o of list) {
        const c = o.commit || {};
        const notes = [o.part, o.encoding].filter(Boolean).join(", ");
        body.append(element("tr", "", ...[place(o), short(c.id), day(c), c.author || "", notes].map((t) => element("td", "", t))));
      }
    };
    add(f.occurrences.slice(0, fewPlaces));
    const rest = f.occurrences.length - fewPlaces;
    if (rest <= 0) return table;
    const button = element("button", "", "Show " + plural(rest, "more place"));
    button.type = "button";
    button.addEventListener("click", () => { add(f.occurrences.slice(fewPlaces)); button.remove(); });
    return element("div", "", table, button);
  };

  // response lists steps by phase; the page shows them folded, for they are long.
  // Findings share them: a number between two marks stands for one of a finding's own values.
  const response = (plan) => {
    const filled = (text) => text.replace(/\x01(\d+)\x01/g, (whole, i) => plan.values[i] ?? whole);
    const steps = report.plans[plan.of];
    const list = element("ol");
    for (const s of steps) {
      const item = element("li", "", element("b", "", s.phase || ""), " " + filled(s.do));
      for (const command of s.run || []) item.append(element("pre", "", filled(command)));
      if (s.query) item.append(element("pre", "", ...filled(s.query).split("\n").flatMap((line, i) => i ? [document.createElement("br"), line] : [line])));
      if (s.see) item.append(element("p", "quiet", filled(s.see)));
      list.append(item);
    }
    return element("details", "response", element("summary", "", plural(steps.length, "step") + ": evidence, contain, rotate, clean, prevent"), list);
  };

  const body = (f) => {
    const list = element("dl");
    const add = (name, value) => {
      if (value) list.append(element("dt", "", name), element("dd", "", value));
    };
    const commit = (c) => c ? short(c.id) + " " + day(c) + " " + (c.author || "") + (c.subject ? ": " + c.subject : "") : "";
    add("secret", element("code", "", f.secret));
    for (const p of f.parts || []) add(p.name, element("code", "", p.value));
    for (const d of f.details || []) add(d.name, d.value);
    add("sure", f.confidence + " confidence" + (f.proven ? ", structure holds" : "") + ", rule " + f.rule);
    add("since", commit(f.introduced));
    add("now", stateOf(f));
    if (f.exposure) add("exposed", (exposures[f.exposure.state] || f.exposure.state) + ((f.exposure.refs || []).length ? ", held by " + f.exposure.refs.join(", ") : ""));
    add("refs", (f.refs || []).join(", "));
    if (f.verdict) add("verdict", [f.verdict.state, f.verdict.reason, f.verdict.call && "by " + f.verdict.call, f.verdict.at].filter(Boolean).join(", "));
    for (const d of (f.verdict && f.verdict.details) || []) add(d.name, d.value);
    if (f.suppressed) add("hidden by", [f.suppressed.by, f.suppressed.owner, f.suppressed.until && "until " + f.suppressed.until, f.suppressed.reason].filter(Boolean).join(", "));
    if (f.reopened) add("reopened", ["accepted by " + f.reopened.by, f.reopened.owner, f.reopened.reason, "and live all the same"].filter(Boolean).join(", "));
    add("gives", f.gives);
    if (f.respond) add("what to do now", response(f.respond));
    else add("revoke", f.revoke);
    add("fingerprint", element("code", "", f.fingerprint));
    if (!f.suppressed) add("accept", element("code", "", "shrike baseline accept " + f.fingerprint + " --reason WHY"));
    add(plural(f.occurrences.length, "place"), places(f));
    return list;
  };

  const row = (f) => {
    const where = f.occurrences.length === 0 ? "" : place(f.occurrences[0]) + (f.occurrences.length > 1 ? " and " + plural(f.occurrences.length - 1, "more place") : "");
    const e = element("details", f.severity + (f.suppressed ? " suppressed" : ""), element("summary", "",
      element("span", "level", f.severity), element("span", "title", title(f)), element("code", "", f.secret),
      element("span", "place", where), element("span", "since", day(f.introduced))));
    e.addEventListener("toggle", () => { if (e.open && e.children.length === 1) e.append(body(f)); });
    return e;
  };

  const draw = () => {
    const next = matching.slice(drawn, drawn + pageSize);
    byID("list").append(...next.map((i) => row(findings[i])));
    drawn += next.length;
    byID("more").hidden = drawn >= matching.length;
  };

  const apply = () => {
    const words = byID("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set([...byID("severities").querySelectorAll("input:checked")].map((b) => b.value));
    const rule = byID("rule").value, verdict = byID("verdict").value, inState = states[byID("state").value][1];
    matching = [];
    findings.forEach((f, i) => {
      if (wanted.has(f.severity) && (!rule || f.rule === rule) && inState(f) && (!period || periodOf(i) === period) &&
        (!verdict || (f.verdict && f.verdict.state === verdict)) && words.every((w) => haystacks[i].includes(w))) matching.push(i);
    });
    for (const bar of byID("timeline").querySelectorAll("g")) bar.classList.toggle("chosen", bar.dataset.period === period);
    byID("shown").textContent = plural(matching.length, "finding") + " of " + findings.length.toLocaleString("en") + (period ? ", introduced in " + period : "");
    byID("list").replaceChildren();
    drawn = 0;
    draw();
  };

  byID("filters").addEventListener("input", apply);
  byID("filters").addEventListener("submit", (e) => e.preventDefault());
  byID("filters").addEventListener("reset", () => { period = ""; setTimeout(apply); });
  byID("more").addEventListener("click", draw);
  drawTimeline();
  apply();
  byID("main").hidden = false;
})();
