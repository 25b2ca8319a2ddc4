import {
  allowed,
  callCells,
  changes,
  choices,
  configured,
  heldBack,
  madeText,
  poolCells,
  problemText,
  sampleInputs,
  signature,
  workerCells,
} from "./model.js";

const POLL_MILLIS = 1000;
const MOST_CALLS = 100;

let chosen = "";
/** @type {{name: string, roles: string[], pools: string[]}} */
let me = { name: "", roles: [], pools: [] };
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
 * @param {string} [object] what the action is done to, for those who hear the button without its row
 */
function button(label, action, object) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  if (object) made.setAttribute("aria-label", `${label} ${object}`);
  made.addEventListener("click", action);
  return made;
}

const mayOperate = () => me.roles.includes("vivarium-operator");
const maySee = () => me.roles.includes("vivarium-viewer");

/**
 * Returns the last cell of a row: its buttons, for who may use them.
 * @param {Node[]} buttons
 */
function actions(...buttons) {
  const td = document.createElement("td");
  td.className = "actions";
  if (mayOperate()) td.append(...buttons);
  return td;
}

/**
 * Asks before something that cannot be taken back; returns whether to go on.
 * @param {string} question
 * @param {string} consequence
 * @param {string} verb
 */
function confirmed(question, consequence, verb) {
  const dialog = element("confirm");
  element("question").textContent = question;
  element("consequence").textContent = consequence;
  element("proceed").textContent = verb;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
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
      row.append(
        ...cells.map(cell),
        actions(
          button("Recycle", () => act(send(pathOf(`/workers/${id}/recycle`), undefined), `${id} is being replaced`), id),
          button("Stacks", () => void stacks(id), id),
        ),
      );
      return row;
    }),
  );
}

/**
 * Shows a table, or the words for none if it has no rows.
 * @param {string} id
 * @param {number} rows
 */
function showOrSayNone(id, rows) {
  element(id).parentElement.hidden = rows === 0;
  element(`${id}None`).hidden = rows > 0;
}

/** @param {{items: any[], next: string | null}} page */
function showCalls(page) {
  const rows = page.items.map((call) => ({ id: call.id, program: call.program, cells: callCells(call) }));
  showOrSayNone("calls", rows.length);
  element("callsMore").hidden = !page.next;
  refill(element("calls"), JSON.stringify(rows), () =>
    rows.map(({ id, program, cells }) => {
      const row = document.createElement("tr");
      row.append(...cells.map(cell), actions(button("Cancel", () => void cancel(id, program), id)));
      return row;
    }),
  );
}

/**
 * @param {string} id
 * @param {string} program
 */
async function cancel(id, program) {
  const consequence = `Its caller gets the error Cancelled, and ${program} stops within a second, whatever it does.`;
  if (!(await confirmed(`Cancel call ${id}?`, consequence, "Cancel the call"))) return;
  act(ask(pathOf(`/calls/${encodeURIComponent(id)}`), { method: "DELETE" }), `${id} is cancelled`);
}

/**
 * @param {any[]} breakers
 * @param {any[]} isolated
 */
function showHeld(breakers, isolated) {
  const rows = heldBack(breakers, isolated, Date.now());
  showOrSayNone("held", rows.length);
  refill(element("held"), JSON.stringify(rows), () =>
    rows.map(({ program, verb, path, done, cells }) => {
      const row = document.createElement("tr");
      row.append(...cells.map(cell), actions(button(verb, () => act(send(pathOf(path), undefined), done), program)));
      return row;
    }),
  );
}

/** @param {string} worker */
async function stacks(worker) {
  const shown = element("stacks");
  element("stacksRegion").hidden = false;
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

/** @param {any} parameter */
function fieldCell(parameter) {
  const input = fieldOf(parameter);
  input.name = parameter.attribute;
  input.value = parameter.value;
  input.setAttribute("aria-label", parameter.attribute);
  const td = document.createElement("td");
  td.append(input);
  return td;
}

function showParameters() {
  element("parameters").replaceChildren(
    ...parameters.map((parameter) => {
      const row = document.createElement("tr");
      const value = mayOperate() ? fieldCell(parameter) : cell({ text: parameter.value });
      const name = { text: parameter.attribute, tone: parameter.differsFromFile ? "warn" : "" };
      const meaning = { text: `${parameter.description} Takes effect ${parameter.effect}.`, tone: "faint" };
      const range = cell({ text: allowed(parameter), tone: choices(parameter).length > 0 ? "faint" : "faint range" });
      row.append(cell(name), value, cell({ text: configured(parameter) }), range, cell(meaning));
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

function showPrograms() {
  const options = programs.map((program) => new Option(program.name));
  element("call").program.replaceChildren(...options);
  element("programs").replaceChildren(
    ...programs.map((program) => {
      const row = document.createElement("tr");
      const name = document.createElement("td");
      name.append(button(program.name, () => choose(program.name)));
      row.append(name, cell({ text: signature(program), tone: "code" }), cell({ text: program.doc, tone: "faint" }));
      return row;
    }),
  );
  nameColumns(element("programs"));
  showProgram();
  if (programs.some((program) => program.name === "echo")) showEcho();
}

/** @param {string} program */
function choose(program) {
  element("call").program.value = program;
  showProgram();
  element("call").inputs.focus();
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
    programs = await ask(pathOf("/programs"));
    showPrograms();
    parameters = maySee() ? await ask(pathOf("/config")) : [];
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

/** Shows what the roles of the user permit, and begins. */
async function begin() {
  try {
    me = await ask("api/me");
    element("me").textContent = me.name;
    for (const part of document.querySelectorAll("[data-needs]")) {
      const needed = part.getAttribute("data-needs") ?? "";
      /** @type {any} */ (part).hidden = !me.roles.includes(needed);
    }
    if (maySee()) return void poll();
    element("programList").open = true;
    element("call").pool.replaceChildren(...me.pools.map((pool) => new Option(pool)));
    element("poolChoice").hidden = me.pools.length < 2;
    say("");
    if (me.pools.length > 0) await select(me.pools[0]);
  } catch (failure) {
    say(words(failure), true);
    setTimeout(begin, 10 * POLL_MILLIS);
  }
}

async function poll() {
  try {
    const pools = await ask("api/pools");
    if (!chosen && pools.length > 0) await select(pools[0].name);
    const pool = chosen;
    const [workers, calls, breakers, isolated] = await Promise.all(
      ["/workers", `/calls?limit=${MOST_CALLS}`, "/breakers", "/isolation"].map((part) => ask(pathOf(part))),
    );
    if (pool === chosen && !element("confirm").open) {
      showSize(pools.find((/** @type {any} */ each) => each.name === chosen));
      showPools(pools);
      showWorkers(workers);
      showCalls(calls);
      showHeld(breakers, isolated);
    }
    say(`as of ${new Date().toLocaleTimeString()}`);
  } catch (failure) {
    say(words(failure), true);
  }
  setTimeout(poll, document.hidden ? 10 * POLL_MILLIS : POLL_MILLIS);
}

element("drain").addEventListener("click", async () => {
  const consequence = "New calls and those that wait are refused until somebody resumes the pool; running ones are finished.";
  if (!(await confirmed(`Drain ${chosen}?`, consequence, "Drain"))) return;
  act(send(pathOf("/drain"), undefined), `${chosen} takes no new calls`);
});
element("restart").addEventListener("click", async () => {
  const consequence =
    "All workers are replaced by new ones that load programs and configuration as they are on disk now. " +
    "The old ones serve until the new ones are healthy, and stay if they are not; meanwhile more memory is used.";
  if (!(await confirmed(`Restart all workers of ${chosen}?`, consequence, "Restart"))) return;
  act(send(pathOf("/rolling-restart"), undefined), `all workers of ${chosen} are being replaced`);
});
element("call").pool.addEventListener("change", (/** @type {any} */ event) => void select(event.target.value));
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
    const verb = event.submitter?.value ?? "apply";
    const made =
      verb === "apply"
        ? await send(pathOf("/config"), JSON.stringify(changes(parameters, entered)), "PATCH")
        : await send(pathOf(`/config/${verb}`), undefined);
    parameters = await ask(pathOf("/config"));
    showParameters();
    status.textContent = madeText(verb, made);
    status.className = "good";
  } catch (failure) {
    status.textContent = words(failure);
    status.className = "bad";
  }
});

void begin();
