// Completes the keys of a job, from its schema, where the cursor stands in a text of YAML.
import {el, show} from "./dom.js";

const LINE = 20, PADDING = 10, MOST = 40;
const KEY = /^(\s*)((?:- +)*)("[^"]*"|[\w.$-]+):(\s|$)/;

/** The keys around the end of a text, the outermost first, and the beginning of a key that stands there; null where no key can stand. */
export function place(text) {
  const lines = text.split("\n");
  const line = lines.pop();
  const braces = open(line);
  const word = (braces.length ? braces.at(-1).rest : line.replace(/^\s*(?:- +)*/, "")).trimStart();
  if (!/^[\w$-]*$/.test(word)) return null;
  const keys = braces.map((brace) => brace.key).filter(Boolean);
  const own = line.match(KEY);
  if (braces.length && own && keys[0] !== own[3]) keys.unshift(own[3]);
  let indent = line.match(/^\s*/)[0].length;
  let inList = /^\s*- /.test(line);
  if (inList && braces.length === 0 || own?.[2]) keys.item = true;
  for (const above of lines.reverse()) {
    if (!above.trim() || above.trimStart().startsWith("#")) continue;
    const depth = above.match(/^\s*/)[0].length;
    const found = above.match(KEY);
    const column = found ? depth + found[2].length : depth;
    const dash = /^\s*-( |$)/.test(above);
    if (!dash && (depth < indent || (inList && depth === indent)) && found) {
      keys.unshift(found[3]);
      indent = depth;
      inList = false;
    } else if (dash && depth < indent) {
      if (found && column < indent) keys.unshift(found[3]);
      indent = depth;
      inList = true;
    }
    if (indent === 0 && !inList) break;
  }
  return {keys, word};
}

/** The braces that are open at the end of a line, each with the key in front of it and what follows its last comma. */
function open(line) {
  const found = [];
  let quote = "", from = 0;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote) {
      if (c === quote) quote = "";
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "#" && /\s|^$/.test(line[i - 1] ?? "")) return [{key: null, rest: "#"}];
    else if (c === "{" || c === "[") {
      found.push({key: line.slice(from, i).match(/("[^"]*"|[\w.$-]+):\s*$/)?.[1] ?? null, rest: ""});
      from = i + 1;
    } else if (c === "}" || c === "]") {
      found.pop();
      from = i + 1;
    } else if (c === ",") from = i + 1;
    if (found.length) found.at(-1).rest = line.slice(from, i + 1);
  }
  return found;
}

/** The properties that a schema knows at a place. */
export function properties(schema, keys) {
  const whole = (one) => one?.$ref ? {...whole(one.$ref.slice(2).split("/").reduce((at, name) => at?.[name], schema)), ...one, $ref: undefined} : one ?? {};
  const inside = (one) => {
    const node = whole(one);
    return [node, ...[node.items, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter((each) => each && typeof each === "object" && (each.properties || each.$ref || each.additionalProperties || each.items)).flatMap(inside)];
  };
  let at = inside(schema);
  for (const key of keys) {
    at = at.flatMap((node) => node.properties?.[key] ? inside(node.properties[key]) : typeof node.additionalProperties === "object" ? inside(node.additionalProperties) : []);
  }
  return Object.assign({}, ...at.map((node) => node.properties ?? {}));
}

/** Offers keys under the cursor of a text field in a box. Call the answer's functions on keydown (true: it was used) and on input. */
export function completion(text, box, schema, changed) {
  const list = el("ul", {class: "offers", role: "listbox", id: "offers", "aria-label": "Keys", hidden: true});
  const probe = el("span", {class: "probe", "aria-hidden": "true"}, "x".repeat(100));
  box.append(list, probe);
  let offers = [], chosen = 0, word = "";

  const close = () => {
    list.hidden = true;
    text.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === chosen)));
    text.setAttribute("aria-activedescendant", `offer-${chosen}`);
    list.children[chosen].scrollIntoView({block: "nearest"});
  };
  const take = () => {
    const rest = /^\s*:/.test(text.value.slice(text.selectionStart)) ? "" : ": ";
    text.setRangeText(offers[chosen][0] + rest, text.selectionStart - word.length, text.selectionStart, "end");
    close();
    changed();
  };
  const offer = (asked) => {
    const at = text.selectionStart;
    const before = text.value.slice(0, at);
    const here = at === text.selectionEnd && !text.value.trimStart().startsWith("{") ? place(before) : null;
    word = here?.word ?? "";
    offers = here && (asked || word) ? Object.entries(properties(schema, here.keys)).filter(([name]) => name.toLowerCase().startsWith(word.toLowerCase()) && name !== word && !name.startsWith("$")).slice(0, MOST) : [];
    if (!offers.length) return close();
    chosen = 0;
    show(list, offers.map(([name, of], i) => el("li", {role: "option", id: `offer-${i}`, onmousedown: (event) => { event.preventDefault(); chosen = i; take(); }}, el("b", {}, name), el("span", {}, of.description ?? ""))));
    list.hidden = false;
    const rows = before.split("\n");
    const x = PADDING + (rows.at(-1).length - word.length) * probe.offsetWidth / 100 - text.scrollLeft;
    const y = PADDING + rows.length * LINE - text.scrollTop;
    list.style.left = `${Math.max(4, Math.min(x, box.clientWidth - list.offsetWidth - 4))}px`;
    list.style.top = `${y + list.offsetHeight > box.clientHeight ? Math.max(0, y - LINE - list.offsetHeight) : y}px`;
    mark();
  };
  text.addEventListener("blur", close);
  text.addEventListener("click", close);
  return {
    input: () => offer(false),
    keydown: (event) => {
      if (event.key === " " && event.ctrlKey) offer(true);
      else if (list.hidden) return false;
      else if (event.key === "Escape") close();
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        chosen = (chosen + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length;
        mark();
      } else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey) take();
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
