import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  age,
  allowed,
  callCells,
  changes,
  configured,
  heldBack,
  madeText,
  poolCells,
  problemText,
  sampleInputs,
  signature,
  tone,
  workerCells,
} from "../../main/webapp/assets/model.js";

test("an age is told in at most two units", () => {
  assert.equal(age(0.4), "0 s");
  assert.equal(age(59), "59 s");
  assert.equal(age(3661), "1 h 1 min");
  assert.equal(age(90061), "1 d 1 h");
  assert.equal(age(-5), "0 s");
});

test("states have a tone, and an unknown one is a warning", () => {
  assert.deepEqual(["RUNNING", "BUSY", "BROKEN", "DRAINED", "SOMETHING"].map(tone), ["good", "good", "bad", "warn", "warn"]);
});

test("a pool shows its problem and marks waiting calls", () => {
  const pool = { state: "DEGRADED", target: 2, ready: 1, busy: 1, waiting: 3, totals: { calls: 9, errors: 0 }, problem: "one worker is missing" };
  const cells = poolCells(pool);
  assert.deepEqual(cells.map((cell) => cell.text), ["DEGRADED", 2, 1, 1, 3, 9, 0, "one worker is missing"]);
  assert.equal(cells[4].tone, "warn");
  assert.equal(poolCells({ ...pool, problem: null }).at(-1)?.text, "");
});

test("a worker shows how old it is", () => {
  const worker = { id: "default-1", pid: 42, state: "READY", health: "HEALTHY", calls: 1, errors: 0, started: "2026-11-21T00:00:00Z" };
  assert.equal(workerCells(worker, Date.parse("2026-11-21T00:02:05Z")).at(-1)?.text, "2 min 5 s");
});

test("a call shows how long it takes already, how long it may, and how far it is", () => {
  const call = { id: "c-1", program: "train", state: "RUNNING", worker: "default-1", totalMillis: 65000, remainingMillis: 5000, progress: 0.257 };
  assert.deepEqual(callCells(call).map((cell) => cell.text), ["c-1", "train", "RUNNING", "default-1", "1 min 5 s", "5 s", "26 %"]);
  const waiting = callCells({ ...call, state: "WAITING", worker: "", progress: null });
  assert.equal(waiting.at(-1)?.text, "");
  assert.equal(waiting[2].tone, "warn");
});

test("programs that are held back are listed with how they are let go", () => {
  const now = Date.parse("2026-11-21T00:02:05Z");
  const breakers = [
    { program: "fine", state: "CLOSED", failures: 1, since: null, rejected: 0 },
    { program: "a b", state: "OPEN", failures: 5, since: "2026-11-21T00:00:00Z", rejected: 7 },
  ];
  const rows = heldBack(breakers, [{ program: "poison", since: "2026-11-21T00:02:00Z", kills: 3, waiting: 2 }], now);
  assert.deepEqual(rows.map((row) => [row.program, row.verb, row.path, row.cells[2].text]), [
    ["a b", "Close", "/breakers/a%20b/close", "2 min 5 s"],
    ["poison", "Release", "/isolation/poison/release", "5 s"],
  ]);
});

test("only what differs is sent, as numbers, booleans or chosen texts", () => {
  const parameters = [
    { attribute: "QueueLimit", value: 1000 },
    { attribute: "StartBatch", value: 8 },
    { attribute: "HeartbeatMillis", value: 1000 },
    { attribute: "AffinityMode", value: "prefer", choices: ["none", "prefer"] },
    { attribute: "OtherMode", value: "prefer", choices: ["none", "prefer"] },
    { attribute: "Lazy", value: false, choices: [] },
    { attribute: "Other", value: true, choices: [] },
  ];
  const entered = new Map([["QueueLimit", "5"], ["StartBatch", "8"], ["HeartbeatMillis", " "], ["AffinityMode", "none"], ["OtherMode", "prefer"], ["Lazy", "true"], ["Other", "true"]]);
  assert.deepEqual(changes(parameters, entered), { QueueLimit: 5, AffinityMode: "none", Lazy: true });
});

test("what is allowed is told with its unit", () => {
  assert.equal(allowed({ minimum: 1, maximum: 256, unit: "workers" }), "1 to 256 workers");
  assert.equal(allowed({ minimum: 1000, maximum: 3600000, unit: "ms" }), "1,000 to 3,600,000 ms");
  assert.equal(allowed({ minimum: null, maximum: null, unit: "" }), "");
  assert.equal(allowed({ minimum: null, maximum: null, unit: "", value: true, choices: [] }), "false, true");
  assert.equal(allowed({ minimum: null, maximum: null, unit: "", choices: ["none", "prefer"] }), "none, prefer");
});

test("a problem is told with its traceback if it has one", () => {
  const problem = { status: 500, type: "ValueError", detail: "no" };
  assert.equal(problemText(problem), "500 ValueError: no");
  assert.equal(problemText({ ...problem, traceback: "Traceback" }), "500 ValueError: no\n\nTraceback");
});

test("a program can be tried with its required parameters", () => {
  const parameters = [
    { name: "text", type: "str", required: true },
    { name: "items", type: "list[int]", required: true },
    { name: "words", type: "int", required: false },
    { name: "thing", type: "Thing", required: true },
  ];
  assert.deepEqual(sampleInputs({ parameters }), { text: "hello", items: [], thing: null });
});

test("a program tells what it takes and returns, and what may be left out", () => {
  const parameters = [
    { name: "text", type: "str", required: true },
    { name: "words", type: "int", required: false },
  ];
  assert.equal(signature({ name: "cut", parameters, returns: "dict" }), "cut(text: str, words?: int) -> dict");
  assert.equal(signature({ name: "now", parameters: [], returns: "float" }), "now -> float");
});

test("the pages need nothing from elsewhere, and hold no script or style that the policy forbids", () => {
  for (const page of ["index.html", "login.html"]) {
    const html = readFileSync(new URL(`../../main/webapp/${page}`, import.meta.url), "utf8");
    assert.doesNotMatch(html, /https?:\/\//);
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
  }
});

test("every element that the page's script asks for is there", () => {
  const read = (/** @type {string} */ name) => readFileSync(new URL(`../../main/webapp/${name}`, import.meta.url), "utf8");
  const html = read("index.html");
  const wanted = [...read("assets/app.js").matchAll(/element\("(\w+)"\)/g)].map((match) => match[1]);
  assert.ok(wanted.length > 5);
  for (const id of wanted) assert.ok(html.includes(`id="${id}"`), id);
});

test("a parameter tells what is configured and saved only where that differs", () => {
  const parameter = { attribute: "QueueLimit", value: 5, fileValue: 7, source: "vivarium.conf:3", differsFromFile: true, savedValue: null };
  assert.equal(configured(parameter), "7 (vivarium.conf:3)");
  assert.equal(configured({ ...parameter, savedValue: 5 }), "7 (vivarium.conf:3); saved: 5");
  assert.equal(configured({ ...parameter, value: 7, differsFromFile: false }), "");
});

test("what was changed, saved or reverted is told from old to new", () => {
  const made = [{ attribute: "QueueLimit", from: 7, to: 5 }];
  assert.equal(madeText("apply", made), "applied: QueueLimit 7 → 5");
  assert.equal(madeText("save", [{ attribute: "QueueLimit", from: null, to: 5 }]), "saved: QueueLimit as configured → 5");
  assert.equal(madeText("apply", []), "nothing to change");
});
