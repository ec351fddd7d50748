"use strict";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}

async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function stamp(item) {
  return element("time", { class: "entry-date", datetime: item.publicerad }, item.datum);
}

function teaser(item) {
  const link = element("a", { href: item.adress }, item.rubrik);
  return element("article", {}, element("h2", {}, link), stamp(item), element("p", {}, item.ingress));
}

function whole(item) {
  document.title = item.rubrik + " – {{ masthead.title }}";
  const writer = element("span", { class: "author" }, item.skribent);
  const rooms = item.avdelningar.map((name) => element("a", { href: "/?avdelning=" + encodeURIComponent(name) }, name));
  const text = element("div", { class: "article-content" });
  text.innerHTML = item.brodtext;
  const head = element("header", { class: "entry-header" }, element("h1", {}, item.rubrik),
    element("p", { class: "byline" }, "Text: ", writer), stamp(item));
  const picture = item.bild ? [element("figure", {}, element("img", { src: item.bild, alt: "" }))] : [];
  return element("article", {}, head, ...picture, text, element("p", { class: "cat-links" }, ...rooms));
}

async function list(page) {
  const said = await ask("/api/nyheter?sida=" + page);
  const onward = said.nasta ? [element("nav", {}, element("a", { rel: "next", href: "/?sida=" + said.nasta }, "Äldre nyheter"))] : [];
  return [element("h1", {}, "Senaste nytt"), ...said.nyheter.map(teaser), ...onward];
}

async function show() {
  const page = new URLSearchParams(location.search).get("sida") || "1";
  const main = element("main", {});
  try {
    main.append(...(location.pathname === "/" ? await list(page) : [whole(await ask("/api" + location.pathname))]));
  } catch (error) {
    main.append(element("h1", {}, "Här är det tomt"), element("p", {}, "Sidan finns inte eller kunde inte hämtas."));
  }
  const home = element("a", { href: "/" }, "{{ masthead.title }}");
  document.getElementById("app").append(
    element("header", {}, home, element("p", {}, "{{ masthead.tagline }}")), main,
    element("footer", {}, element("p", {}, "Redaktionen: 0584-000 00, redaktionen@tivedsnytt.example.se")));
  navigator.sendBeacon("/api/besok", location.pathname);
}

show();
