"use strict";

/* Nodes are built, never parsed: no text of the collection can become markup. */
const data = JSON.parse(document.getElementById("data").textContent);
document.getElementById("data").remove();

const $ = (id) => document.getElementById(id);

/** The words of `key` with their values. */
function say(key, values = {}) {
  return data.words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** What a name of the program's own is called. */
function wordFor(group, name) {
  return data.words[`${group}.${name}`] ?? name.replace(/_/g, " ");
}

/** An element with attributes and children; an attribute that is undefined or false is left away. */
function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
