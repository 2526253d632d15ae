/* The form of one portal takes a place of another. What was typed stays where it is: only that portal's form and keys are
   fetched, as if it had been opened. Without this script the server asks for the place. */
"use strict";
(() => {
  const told = document.currentScript.dataset, form = document.querySelector("form[action='/api/reports']");
  const district = form && form.elements.district;
  const elsewhere = district && district.querySelector("option[value=lain]");
  if (!elsewhere) return;
  const make = (name, how) => Object.assign(document.createElement(name), how);
  const english = document.documentElement.lang === "en" ? "/en" : "";
  const taken = new Set([form.dataset.base]); // each but once: two keys for one desk would be none
  let field = null;

  const page = (href) =>
    new Promise((done, onerror) => {
      const ask = new XMLHttpRequest();
      ask.open("GET", href);
      const onload = () => (ask.status === 200 ? done(ask.response) : onerror());
      Object.assign(ask, { responseType: "document", onerror, onload });
      ask.send();
    });

  /** A file of lists, of every portal that districts were taken from, one behind the other. For tulis.js. */
  async function gather(name, how) {
    const whole = {};
    for (const base of taken) {
      const answer = await fetch((base || "") + name, how);
      if (!answer.ok) throw new Error(name);
      const part = await answer.json();
      for (const key in part) whole[key] = (whole[key] || []).concat(part[key]);
    }
    return whole;
  }

  /** The choices of the other portal's form, as a group in ours. */
  function take(other, name, label) {
    const ours = form.elements[name], there = other.querySelector(`#${name}`), group = make("optgroup", { label });
    const known = new Set(["", "lain", ...[...ours.options].map(({ value }) => value)]);
    for (const { value, textContent } of there.options) if (!known.has(value)) group.append(new Option(textContent, value));
    ours.insertBefore(group, name === "district" ? elsewhere : null);
    return group;
  }

  async function choose({ target: box }) {
    if (!box.value) return;
    try {
      const label = box.selectedOptions[0].textContent, other = await page(`${box.value}${english}/lapor/`);
      const group = take(other, "district", label);
      take(other, "about_agency", label);
      taken.add(box.value);
      form.gather = gather;
      form.dispatchEvent(new Event("daerah"));
      district.value = group.children.length === 1 ? group.children[0].value : "";
      field.remove();
      field = null;
      district.focus();
    } catch {
      field.querySelector("p").textContent = told.failed;
      box.value = "";
    }
  }

  async function ask() {
    field = make("div", { className: "field" });
    const box = make("select", { id: "daerah" });
    box.append(new Option(told.choose, ""));
    box.addEventListener("change", choose);
    field.append(make("label", { htmlFor: "daerah", textContent: told.ask }), make("p", { className: "hint" }), box);
    field.querySelector("p").setAttribute("role", "status");
    district.parentElement.after(field);
    try {
      const answer = await fetch("/wilayah.json", { cache: "no-cache" });
      const others = (await answer.json()).filter(([, base]) => !taken.has(base));
      box.append(...others.map(([name, base]) => new Option(name, base)));
      box.focus();
    } catch {
      field.remove();
      field = null;
      district.value = "";
    }
  }

  district.addEventListener("change", () => {
    if (district.value === "lain") {
      if (!field) ask();
    } else if (field) {
      field.remove();
      field = null;
    }
  });
})();
