/** Pure functions of the page: values in, values out; tested without a browser. */

/**
 * Returns the CSS class for a state of a pool or worker.
 * @param {string} state
 */
export function tone(state) {
  if (["RUNNING", "IDLE", "READY", "BUSY", "HEALTHY"].includes(state)) return "good";
  if (["BROKEN", "STOPPED", "TERMINATED", "UNHEALTHY"].includes(state)) return "bad";
  return "warn";
}

/**
 * Returns a length of time in at most two units, such as `2 h 5 min`.
 * @param {number} seconds
 */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const units = /** @type {[number, string][]} */ ([
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ]);
  const parts = [];
  let rest = whole;
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

/**
 * Returns the row of cells that shows one pool.
 * @param {any} pool
 */
export function poolCells(pool) {
  return [
    { text: pool.state, tone: tone(pool.state) },
    { text: pool.target, number: true },
    { text: pool.ready, number: true },
    { text: pool.busy, number: true },
    { text: pool.waiting, number: true, tone: pool.waiting > 0 ? "warn" : "" },
    { text: pool.totals.calls, number: true },
    { text: pool.totals.errors, number: true, tone: pool.totals.errors > 0 ? "warn" : "" },
    { text: pool.problem ?? "", tone: "bad cause" },
  ];
}

/**
 * Returns the row of cells that shows one worker.
 * @param {any} worker
 * @param {number} nowMillis
 */
export function workerCells(worker, nowMillis) {
  return [
    { text: worker.id },
    { text: worker.pid, number: true },
    { text: worker.state, tone: tone(worker.state) },
    { text: worker.health, tone: tone(worker.health) },
    { text: worker.calls, number: true },
    { text: worker.errors, number: true },
    { text: age((nowMillis - Date.parse(worker.started)) / 1000), number: true },
  ];
}

/**
 * Returns the row of cells that shows one call that waits or runs.
 * @param {any} call
 */
export function callCells(call) {
  return [
    { text: call.id },
    { text: call.program },
    { text: call.state, tone: call.state === "WAITING" ? "warn" : "good" },
    { text: call.worker },
    { text: age(call.totalMillis / 1000), number: true },
    { text: age(call.remainingMillis / 1000), number: true },
    { text: Number.isFinite(call.progress) ? `${Math.round(call.progress * 100)} %` : "", number: true },
  ];
}

/**
 * Returns a row for each program that is held back: its cells, and how it is let go.
 * @param {any[]} breakers
 * @param {any[]} isolated
 * @param {number} nowMillis
 */
export function heldBack(breakers, isolated, nowMillis) {
  const since = (/** @type {string} */ instant) => age((nowMillis - Date.parse(instant)) / 1000);
  const broken = breakers
    .filter((breaker) => breaker.state !== "CLOSED")
    .map((breaker) => ({
      program: breaker.program,
      verb: "Close",
      path: `/breakers/${encodeURIComponent(breaker.program)}/close`,
      done: `the circuit breaker of ${breaker.program} is closed`,
      cells: [
        { text: breaker.program },
        { text: `circuit breaker ${breaker.state}`, tone: breaker.state === "OPEN" ? "bad" : "warn" },
        { text: since(breaker.since), number: true },
        { text: `${breaker.failures} failures in a row; ${breaker.rejected} calls refused so far` },
      ],
    }));
  const alone = isolated.map((program) => ({
    program: program.program,
    verb: "Release",
    path: `/isolation/${encodeURIComponent(program.program)}/release`,
    done: `${program.program} is released`,
    cells: [
      { text: program.program },
      { text: "isolated", tone: "bad" },
      { text: since(program.since), number: true },
      { text: `killed ${program.kills} workers; ${program.waiting} calls of isolated programs wait` },
    ],
  }));
  return [...broken, ...alone];
}

/**
 * Returns the changes to send: only what differs, as numbers, booleans or, where a parameter has choices, texts.
 * @param {any[]} parameters as the service listed them
 * @param {Map<string, string>} entered attribute to what stands in its field
 */
export function changes(parameters, entered) {
  /** @type {Record<string, number | string | boolean>} */
  const changed = {};
  for (const parameter of parameters) {
    const text = entered.get(parameter.attribute);
    if (text === undefined || text.trim() === "") continue;
    const value = typedLike(parameter, text);
    if (value !== parameter.value) changed[parameter.attribute] = value;
  }
  return changed;
}

/**
 * Returns the value that `text` stands for.
 * @param {any} parameter
 * @param {string} text
 */
function typedLike(parameter, text) {
  if (typeof parameter.value === "boolean") return text === "true";
  return parameter.choices?.length > 0 ? text : Number(text);
}

/**
 * Returns the texts among which a parameter is chosen; none if it is a number.
 * @param {any} parameter
 */
export function choices(parameter) {
  return typeof parameter.value === "boolean" ? ["false", "true"] : (parameter.choices ?? []);
}

/**
 * Returns what a parameter allows, in words.
 * @param {any} parameter
 */
export function allowed(parameter) {
  const among = choices(parameter);
  if (among.length > 0) return among.join(", ");
  if (parameter.minimum === null) return parameter.unit;
  const grouped = (/** @type {number} */ number) => number.toLocaleString("en");
  return `${grouped(parameter.minimum)} to ${grouped(parameter.maximum)} ${parameter.unit}`.trim();
}

/**
 * Returns what is configured of a parameter and what was saved of it, where that differs from its value.
 * @param {any} parameter
 */
export function configured(parameter) {
  const parts = [];
  if (parameter.differsFromFile) parts.push(`${parameter.fileValue} (${parameter.source})`);
  if (parameter.savedValue !== null && parameter.savedValue !== undefined) parts.push(`saved: ${parameter.savedValue}`);
  return parts.join("; ");
}

/**
 * Returns what became of changes, saved or reverted parameters, as text for a person.
 * @param {string} verb
 * @param {any[]} made
 */
export function madeText(verb, made) {
  if (made.length === 0) return verb === "save" ? "all is saved already" : "nothing to change";
  const done = { save: "saved", revert: "reverted" }[verb] ?? "applied";
  const shown = (/** @type {any} */ value) => value ?? "as configured";
  return `${done}: ${made.map((each) => `${each.attribute} ${shown(each.from)} → ${shown(each.to)}`).join(", ")}`;
}

/**
 * Returns a problem document as text for a person.
 * @param {any} problem
 */
export function problemText(problem) {
  const first = `${problem.status} ${problem.type}: ${problem.detail}`;
  return problem.traceback ? `${first}\n\n${problem.traceback}` : first;
}

/**
 * Returns what a program takes and returns, such as `sleep(seconds?: float) -> dict`; `?` marks what may be left out.
 * @param {any} program
 */
export function signature(program) {
  const inputs = program.parameters.map(
    (/** @type {any} */ parameter) => `${parameter.name}${parameter.required ? "" : "?"}: ${parameter.type}`,
  );
  const takes = inputs.length > 0 ? `(${inputs.join(", ")})` : ""; // nothing, or any: a program that takes any names none
  return `${program.name}${takes} -> ${program.returns}`;
}

/**
 * Returns the inputs that a program can be tried with: each required parameter with an empty value of its type.
 * @param {any} program
 */
export function sampleInputs(program) {
  /** @type {Record<string, unknown>} */
  const samples = { int: 1, float: 1.5, bool: true, str: "hello", list: [], dict: {} };
  /** @type {Record<string, unknown>} */
  const inputs = {};
  for (const parameter of program.parameters) {
    const base = String(parameter.type).split("[")[0];
    if (parameter.required) inputs[parameter.name] = samples[base] ?? null;
  }
  return inputs;
}
