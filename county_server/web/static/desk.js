/* Keys and live sums of the desks. Every page works without it; it changes nothing that is posted. */
"use strict";

const isTyped = (at) => at.matches("textarea, select, input:not([type=checkbox]):not([type=radio])");
const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !row.hidden);
const filled = (words, slots) => words.replace(/\{(\w+)\}/g, (_, name) => slots[name]);

/* "49.9" → 4990 fen; null for what is no amount. Integers only: no float comes near money. */
function fenOf(text) {
  const found = /^\s*(\d{1,9})(?:[.．](\d{1,2}))?\s*$/.exec(text);
  return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0")) : null;
}

function yuan(fen) {
  const whole = String(Math.trunc(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `¥${whole}.${String(fen % 100).padStart(2, "0")}`;
}

/* --- Weights: what was typed beside what the station sent ------------------------------------- */

/* "19.86" → 19860 grams, "58" → 58 pieces; null for what this page cannot read. Integers only. */
function muchOf(text, isPiece) {
  const found = /^\s*(\d{1,7})(?:[.．](\d{1,3}))?\s*$/.exec(text);
  if (!found || (isPiece && found[2])) return null;
  return isPiece ? Number(found[1]) : Number(found[1]) * 1000 + Number((found[2] || "").padEnd(3, "0"));
}

for (const row of document.querySelectorAll("tr[data-sent]")) {
  const field = row.querySelector("input[name^=got]");
  const place = row.querySelector("[data-differs]");
  const weigh = () => {
    const { sent, allowed, piece } = row.dataset;
    const got = muchOf(field.value, piece);
    if (got === null) { place.replaceChildren("—"); return; }
    const off = got - Number(sent);
    const key = off === 0 ? "ok" : Math.abs(off) > Number(allowed) ? "much" : "little";
    const much = piece ? String(Math.abs(off)) : `${Math.trunc(Math.abs(off) / 1000)}.${String(Math.abs(off) % 1000).padStart(3, "0")}`;
    const made = document.getElementById(`weigh-${key}`).content.cloneNode(true);
    made.querySelector("span span").textContent = `${off < 0 ? "− " : off > 0 ? "+" : ""}${much}`;
    place.replaceChildren(made);
  };
  field.addEventListener("input", weigh);
  weigh();
}

/* --- Sums: what is ticked, or has a number beside it ------------------------------------------ */

function judge(row, each) {
  const place = row.querySelector("[data-judge]");
  if (!place) return;
  const ceiling = Number(row.dataset.ceiling);
  const key = each === null ? "" : each > ceiling ? "over" : each < ceiling ? "cheaper" : "under";
  const made = key ? document.getElementById(`judge-${key}`).content.cloneNode(true) : null;
  if (made) {
    const words = made.querySelector("span span");
    words.textContent = filled(words.textContent, { amount: yuan(Math.abs(each - ceiling)) });
  }
  place.replaceChildren(made || "—");
}

function addUp(form) {
  let rows = 0, pieces = 0, fen = 0, ticked = 0, tickedFen = 0;
  for (const row of form.querySelectorAll("tr[data-sum]")) {
    const box = row.querySelector("input[type=checkbox]");
    const number = row.querySelector("input[name^=number]");
    const price = row.querySelector("input.amount");
    const each = price ? fenOf(price.value) : null;
    const count = Number(row.dataset.pieces || 1);
    const amount = row.dataset.fen ? Number(row.dataset.fen) : (each || 0) * count;
    if (price) judge(row, each);
    if (box && box.checked) { ticked += 1; tickedFen += amount; }
    const isIn = form.dataset.by === "number" ? number && number.value.trim() : box && box.checked;
    if (isIn) { rows += 1; pieces += count; fen += amount; }
  }
  const slots = { rows, pieces, amount: yuan(fen), ticked, ticked_amount: yuan(tickedFen) };
  const told = form.querySelector("[data-total]");
  told.textContent = rows || ticked ? filled(form.dataset.told, slots) : form.dataset.none;
  const act = form.querySelector("button.primary [data-words]");
  act.textContent = rows ? filled(act.dataset.words, slots) : act.dataset.plain;
}

for (const form of document.querySelectorAll("form[data-told]")) {
  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-sum]");
    const box = row && form.dataset.by !== "number" && row.querySelector("input[type=checkbox]");
    if (box && event.target.matches("input.amount")) box.checked = fenOf(event.target.value) !== null;
    addUp(form);
  });
  addUp(form);
}

/* --- Rows: a table is walked by arrows; what stands under a row opens with it ----------------- */

for (const table of document.querySelectorAll("table[data-keys]")) {
  for (const row of table.querySelectorAll("tr[data-under]")) row.hidden = true;
  for (const row of table.querySelectorAll("tbody tr")) row.tabIndex = -1;
  const first = rowsOf(table)[0];
  if (first) first.tabIndex = 0;
}

function unfold(row) {
  let next = row.nextElementSibling, any = false;
  while (next && next.dataset.under !== undefined) {
    next.hidden = !next.hidden;
    any = true;
    next = next.nextElementSibling;
  }
  return any;
}

function step(table, row, at, by) {
  const rows = rowsOf(table);
  const next = rows[rows.indexOf(row) + by];
  if (!next) return;
  row.tabIndex = -1;
  next.tabIndex = 0;
  const name = isTyped(at) ? at.name.replace(/_.*/, "") : "";
  const same = name && next.querySelector(`input[name^=${name}]:not([type=hidden]):not([type=checkbox])`);
  (same || next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function inTable(event, table, row) {
  const at = event.target, isWriting = isTyped(at), key = event.key;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key] || (!isWriting && { j: 1, k: -1 }[key.toLowerCase()]);
  if (by) step(table, row, at, by);
  else if (isWriting) return false;
  else if (key === " " && at === row) {
    const box = row.querySelector("input[type=checkbox]");
    if (box) box.click();
  } else if (key === "Enter" && at === row) {
    const link = row.querySelector("a");
    if (!unfold(row) && link) link.click();
  } else if (table.dataset.keys.includes(`${key.toLowerCase()}:`) && key.length === 1) {
    const pairs = table.dataset.keys.split(" ").map((pair) => pair.split(":"));
    const goal = row.dataset.goal || pairs.find((pair) => pair[0] === key.toLowerCase())[1];
    if (goal.startsWith("#")) document.querySelector(goal).focus();
    else location.assign(goal);
  } else return false;
  return true;
}

/* A list of links is walked as a table is; the one that is open is where it begins. */
function walk(at, by) {
  const links = [...document.querySelectorAll("ul[data-keys] a")];
  if (!links.length || at.matches("input")) return false;
  const open = links.findIndex((link) => link === at);
  const from = open >= 0 ? open : links.findIndex((link) => link.closest("li.chosen"));
  const next = links[from + by];
  if (next) next.focus();
  return true;
}

/* --- Keys of the page -------------------------------------------------------------------------- */

function press(event) {
  if (event.isComposing || event.altKey || event.metaKey) return false;
  const at = event.target, sheet = document.getElementById("keys");
  const act = document.querySelector("form[data-told] button.primary, form[data-act] button.primary");
  if (event.ctrlKey) {
    const undo = event.key.toLowerCase() === "z" && !isTyped(at) && document.querySelector("form[data-undo] button");
    if (undo) return undo.click(), true;
    const save = event.key.toLowerCase() === "s" && document.querySelector("form[data-save] button.primary, form[data-save] button");
    if (save) return save.click(), true;
    const own = at.closest("form"); // who writes in one form never sends another
    const button = own ? own.querySelector("button.primary") || own.querySelector("button") : act;
    return event.key === "Enter" && button && (button.click(), true);
  }
  const row = at.closest("table[data-keys] tbody tr");
  if (row && inTable(event, row.closest("table"), row)) return true;
  if (event.key === "Escape" && isTyped(at)) return row ? row.focus() : at.blur(), true;
  if (isTyped(at)) return false;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return walk(at, event.key === "ArrowDown" ? 1 : -1);
  const choice = /^[1-9]$/.test(event.key) && document.querySelectorAll("fieldset.choices input")[event.key - 1];
  if (choice) return choice.click(), choice.focus(), true;
  if (event.key === "/") return (document.getElementById("seek") || document.getElementById("find")).focus(), true;
  if (event.key === "?" && sheet) return sheet.open ? sheet.close() : sheet.showModal(), true;
  if (event.key === "+" && act) return act.click(), true;
  return false;
}

document.addEventListener("keydown", (event) => { if (press(event)) event.preventDefault(); });
const wanted = location.hash && document.getElementById(location.hash.slice(1));
if (wanted && isTyped(wanted)) wanted.focus();
for (const told of document.querySelectorAll("[data-by-keys]")) told.hidden = false;
