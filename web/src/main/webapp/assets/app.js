import {
  allowed,
  changes,
  choices,
  poolCells,
  problemText,
  sampleInputs,
  signature,
  workerCells,
} from "./model.js";

const POLL_MILLIS = 1000;

let chosen = "";
/** @type {any[]} */
let programs = [];
/** @type {any[]} */
let parameters = [];

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));
const pathOf = (/** @type {string} */ rest) => `api/pools/${encodeURIComponent(chosen)}${rest}`;

/**
 * Calls the service; throws a problem document if it refuses.
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function ask(path, init = {}) {
  const headers = { "X-Requested-With": "vivarium", ...init.headers };
  const response = await fetch(path, { ...init, headers }).catch(() => {
    throw new Error("the service does not respond");
  });
  if (response.status === 401) location.href = "login.html";
  const text = await response.text();
  const value = text ? JSON.parse(text) : null;
  if (!response.ok) throw value;
  return value;
}

/**
 * @param {string} path
 * @param {unknown} body
 * @param {string} [method]
 * @param {Record<string, string>} [headers]
 */
function send(path, body, method = "POST", headers = {}) {
  const content = body === undefined ? {} : { "Content-Type": "application/json" };
  return ask(path, { method, body: body === undefined ? undefined : String(body), headers: { ...content, ...headers } });
}

/** @param {any} failure */
const words = (failure) => (failure?.detail ? problemText(failure) : (failure?.message ?? String(failure)));

/** @param {{text: unknown, tone?: string, number?: boolean}} content */
function cell(content) {
  const td = document.createElement("td");
  td.textContent = String(content.text);
  td.className = `${content.tone ?? ""} ${content.number ? "number" : ""}`.trim();
  return td;
}

/**
 * @param {string} label
 * @param {() => void} action
 */
function button(label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", action);
  return made;
}

/**
 * Replaces rows only when something in them differs, so that focus and selection stay.
 * @param {any} body
 * @param {string} key
 * @param {() => Node[]} rows
 */
function refill(body, key, rows) {
  if (body.dataset.key === key) return;
  const focused = [...body.querySelectorAll("button")].indexOf(document.activeElement);
  body.replaceChildren(...rows());
  nameColumns(body);
  body.dataset.key = key;
  if (focused >= 0) body.querySelectorAll("button")[focused]?.focus();
}

/**
 * Tells every cell the name of its column, which a narrow screen shows beside it.
 * @param {any} body
 */
function nameColumns(body) {
  const names = [...body.parentElement.querySelectorAll("th")].map((th) => th.textContent);
  for (const row of body.rows) [...row.cells].forEach((td, at) => (td.dataset.column = names[at]));
}

/** @param {any[]} pools */
function showPools(pools) {
  refill(element("pools"), JSON.stringify([chosen, pools]), () =>
    pools.map((pool) => {
      const row = document.createElement("tr");
      const name = document.createElement("td");
      const choose = button(pool.name, () => void select(pool.name));
      choose.setAttribute("aria-pressed", String(pool.name === chosen));
      name.append(choose);
      row.append(name, ...poolCells(pool).map(cell));
      return row;
    }),
  );
}

/** @param {any[]} workers */
function showWorkers(workers) {
  const rows = workers.map((worker) => ({ id: worker.id, cells: workerCells(worker, Date.now()) }));
  refill(element("workers"), JSON.stringify(rows), () =>
    rows.map(({ id, cells }) => {
      const row = document.createElement("tr");
      const actions = document.createElement("td");
      actions.className = "actions";
      actions.append(
        button("Recycle", () => act(send(pathOf(`/workers/${id}/recycle`), undefined), `${id} is being replaced`)),
        button("Stacks", () => void stacks(id)),
      );
      row.append(...cells.map(cell), actions);
      return row;
    }),
  );
}

/** @param {string} worker */
async function stacks(worker) {
  const shown = element("stacks");
  shown.hidden = false;
  try {
    shown.textContent = (await send(pathOf(`/workers/${worker}/stacks`), undefined)).stacks;
  } catch (failure) {
    shown.textContent = words(failure);
  }
}

/**
 * @param {Promise<unknown>} action
 * @param {string} done
 */
function act(action, done) {
  action.then(
    () => tell(done),
    (failure) => tell(words(failure), true),
  );
}

/**
 * Says what came of the last action, until the next one.
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(text, bad = false) {
  const message = element("message");
  message.textContent = text;
  message.className = bad ? "bad" : "good";
  message.hidden = false;
}

/**
 * Says how fresh the page is, or why it is not.
 * @param {string} text
 * @param {boolean} [bad]
 */
function say(text, bad = false) {
  const status = element("freshness");
  status.textContent = text;
  status.className = bad ? "bad" : "faint";
}

/**
 * Returns the field in which a parameter is changed.
 * @param {any} parameter
 */
function fieldOf(parameter) {
  const among = choices(parameter);
  if (among.length > 0) {
    const select = document.createElement("select");
    select.append(...among.map((/** @type {string} */ choice) => new Option(choice)));
    return select;
  }
  const input = document.createElement("input");
  input.type = "number";
  input.min = parameter.minimum ?? "";
  input.max = parameter.maximum ?? "";
  return input;
}

function showParameters() {
  element("parameters").replaceChildren(
    ...parameters.map((parameter) => {
      const row = document.createElement("tr");
      const input = fieldOf(parameter);
      input.name = parameter.attribute;
      input.value = parameter.value;
      input.setAttribute("aria-label", parameter.attribute);
      const value = document.createElement("td");
      value.append(input);
      const name = { text: parameter.attribute, tone: parameter.differsFromFile ? "warn" : "" };
      const meaning = { text: `${parameter.description} Takes effect ${parameter.effect}.`, tone: "faint" };
      row.append(cell(name), value, cell({ text: allowed(parameter), tone: "faint range" }), cell(meaning));
      return row;
    }),
  );
  nameColumns(element("parameters"));
}

function showProgram() {
  const form = element("call");
  const program = programs.find((candidate) => candidate.name === form.program.value);
  element("doc").textContent = program?.doc ?? "";
  element("signature").textContent = program ? signature(program) : "";
  if (program) form.inputs.value = JSON.stringify(sampleInputs(program), null, 2);
}

/** Begins with a call that is sure to work, where there is one. */
function showEcho() {
  element("call").program.value = "echo";
  showProgram();
  element("call").inputs.value = '{"text": "hello"}';
}

/** @param {string} pool */
async function select(pool) {
  chosen = pool;
  for (const place of document.querySelectorAll(".chosen")) place.textContent = pool;
  try {
    [programs, parameters] = await Promise.all([ask(pathOf("/programs")), ask(pathOf("/config"))]);
    const options = programs.map((program) => new Option(program.name));
    element("call").program.replaceChildren(...options);
    showProgram();
    if (programs.some((program) => program.name === "echo")) showEcho();
    showParameters();
  } catch (failure) {
    tell(words(failure), true);
  }
}

/**
 * Shows how many workers are kept, unless somebody is just writing another number there.
 * @param {any} pool
 */
function showSize(pool) {
  const size = element("resize").size;
  if (!pool || document.activeElement === size || size.dataset.shown === `${chosen} ${pool.target}`) return;
  size.dataset.shown = `${chosen} ${pool.target}`;
  size.value = pool.target;
}

async function poll() {
  try {
    const pools = await ask("api/pools");
    if (!chosen && pools.length > 0) await select(pools[0].name);
    showSize(pools.find((/** @type {any} */ pool) => pool.name === chosen));
    showPools(pools);
    if (chosen) showWorkers(await ask(pathOf("/workers")));
    say(`as of ${new Date().toLocaleTimeString()}`);
  } catch (failure) {
    say(words(failure), true);
  }
  setTimeout(poll, document.hidden ? 10 * POLL_MILLIS : POLL_MILLIS);
}

element("drain").addEventListener("click", () => act(send(pathOf("/drain"), undefined), `${chosen} takes no new calls`));
element("resume").addEventListener("click", () => act(send(pathOf("/resume"), undefined), `${chosen} takes calls again`));
element("resize").addEventListener("submit", (/** @type {any} */ event) => {
  event.preventDefault();
  const size = Number(event.target.size.value);
  act(send(pathOf("/resize"), JSON.stringify({ size })), `${chosen} keeps ${size} workers from now on`);
});
element("call").program.addEventListener("change", showProgram);
element("call").addEventListener("submit", async (/** @type {any} */ event) => {
  event.preventDefault();
  const form = event.target;
  const result = element("result");
  result.textContent = "calling …";
  const started = performance.now();
  try {
    const path = pathOf(`/programs/${encodeURIComponent(form.program.value)}`);
    const answer = await send(path, form.inputs.value, "POST", { "Vivarium-Timeout": form.timeout.value });
    const millis = (performance.now() - started).toFixed(1);
    result.textContent = `${JSON.stringify(answer, null, 2)}\n\n${millis} ms, as seen from this page`;
  } catch (failure) {
    result.textContent = words(failure);
  }
});
element("config").addEventListener("submit", async (/** @type {any} */ event) => {
  event.preventDefault();
  const entered = new Map([...new FormData(event.target)].map(([name, value]) => [name, String(value)]));
  const status = element("applied");
  try {
    parameters = await send(pathOf("/config"), JSON.stringify(changes(parameters, entered)), "PATCH");
    showParameters();
    status.textContent = "applied";
    status.className = "good";
  } catch (failure) {
    status.textContent = words(failure);
    status.className = "bad";
  }
});

void poll();
