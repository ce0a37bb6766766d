// Elements are made here and nowhere else: text of the web becomes text, never markup.

/** An element. Attributes that begin with "on" are listeners; class, hidden and the like are set as they are. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An element of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "width%") node.style.width = `${value}%`;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false) node.append(typeof child === "string" ? visible(child) : child);
  }
  return node;
}

/** Text without characters that turn the direction of what stands around them. */
function visible(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

/** Replaces what is in a node. */
export function show(node, ...children) {
  node.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
}

/** A link to a page of the web: only http and https, in a new window, without saying where it comes from. */
export function webLink(url) {
  const safe = /^https?:\/\//i.test(url);
  return safe ? el("a", {href: url, title: url, target: "_blank", rel: "noopener noreferrer"}, url) : el("span", {}, String(url));
}

/** Says something for a few seconds. */
export function toast(text) {
  const node = el("div", {}, text);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), 5000);
}

/** Asks a question in a window of its own, and answers whether it was said yes to. */
export function ask(question, yes) {
  return new Promise((answer) => {
    const dialog = el("dialog", {"aria-labelledby": "question"}, el("p", {id: "question"}, question),
      el("form", {method: "dialog"}, el("button", {value: "no", autofocus: true}, "Keep it"), el("button", {value: "yes", class: "danger"}, yes)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
