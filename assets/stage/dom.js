/** Making elements. */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * A picture of 10 by 10 out of one path.
 * @param {string} path
 */
export function icon(path) {
  const template = document.createElement("template");
  template.innerHTML = `<svg viewBox="0 0 10 10" aria-hidden="true"><path d="${path}"/></svg>`;
  return /** @type {SVGElement} */ (template.content.firstElementChild);
}
