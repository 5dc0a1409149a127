// The report for continuous-integration servers.

/**
 * JUnit's XML: a suite for each notebook; in it a case for its execution, one for each claim, and one for each other
 * problem.
 * @param results from `runNotebook`
 * @param {Record<string, string[]>} others the problems of claims.json and of exercises, by the name of their suite
 */
export function junitXml(results, others) {
  const ofOthers = Object.entries(others)
    .filter(([, problems]) => problems.length > 0)
    .map(([name, problems]) => {
      const cases = problems.map((title, i) => testCase(name, `entry problem ${i + 1}`, [{ title }]));
      return suite(name, cases, problems.length, 0);
    });
  const suites = [...ofOthers, ...results.map(suiteOf)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="notebooks">\n${suites.join('\n')}\n</testsuites>\n`;
}

function suiteOf({ name, seconds, claims, problems }) {
  const ofClaim = (id) => problems.filter(({ kind, title }) => kind === 'claim' && title.startsWith(`claim ${id} `));
  const ids = [...new Set(claims.map(({ id }) => id))];
  const others = problems.filter(
    (problem) => problem.kind === 'claim' && !ids.some((id) => ofClaim(id).includes(problem)),
  );
  const cases = [
    testCase(
      name,
      'executes',
      problems.filter(({ kind }) => kind !== 'claim'),
      seconds,
    ),
    ...ids.map((id) => testCase(name, `claim ${id}`, ofClaim(id))),
    ...others.map((problem) => testCase(name, problem.title.split(' ').slice(0, 2).join(' '), [problem])),
  ];
  return suite(name, cases, cases.filter((text) => text.includes('<failure')).length, seconds);
}

function suite(name, cases, failures, seconds) {
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`;
  return `  <testsuite name="${escaped(name)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`;
}

function testCase(suiteName, name, problems, seconds = 0) {
  const start = `    <testcase classname="${escaped(suiteName)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  if (problems.length === 0) return `${start}/>`;
  const text = problems.map(({ title, details }) => (details ? `${title}\n${details}` : title)).join('\n');
  const failure = `<failure message="${escaped(problems[0].title)}">${escaped(text)}</failure>`;
  return `${start}>${failure}</testcase>`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 does not allow them, escaped or not
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function escaped(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' };
  return text.replace(FORBIDDEN, '').replace(/[&<>"\n]/g, (character) => entities[character]);
}
