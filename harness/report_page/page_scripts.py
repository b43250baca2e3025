"""What browser_test.py asks a page, as JavaScript that runs in it."""

# The contrast of each visible text to what is behind it, as WCAG 2.1 has it (relative luminance, 1.4.3), of those that
# have too little; 3 is enough for large text.
CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const background = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest("script")) continue;
  const style = getComputedStyle(element);
  const colour = parse(element.closest("svg") ? style.fill : style.color);
  const [a, b] = [luminance(colour), luminance(background(element))].sort((x, y) => y - x);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < (large ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 60)}`);
}
return poor;
"""

# What is there for a reader who does not see, or has no mouse.
UNNAMED = """
const found = [];
const name_of = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  return (element.getAttribute("aria-label") ?? element.textContent).trim();
};
for (const element of document.querySelectorAll("svg[role=img], button, a[href], [role=region], pre, summary, article")) {
  if (!name_of(element)) found.push("no name: " + element.outerHTML.slice(0, 80));
}
for (const element of document.querySelectorAll("[aria-describedby]")) {
  if (!document.getElementById(element.getAttribute("aria-describedby"))) found.push("described by nothing");
}
const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
if (twice.length) found.push("ids that are there twice: " + twice.slice(0, 5));
for (const link of document.querySelectorAll("a[href^='#']")) {
  if (!document.querySelector(link.getAttribute("href"))) found.push("leads nowhere: " + link.getAttribute("href"));
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  const now = Number(heading.tagName[1]);
  if (now > level + 1) found.push(`h${level} is followed by h${now}: ${heading.textContent.trim()}`);
  level = now;
}
for (const table of document.querySelectorAll("table")) {
  if ([...table.querySelectorAll("thead th")].some((cell) => cell.scope !== "col")) found.push("a column without scope");
}
for (const scrolled of document.querySelectorAll(".table, pre")) {
  if (scrolled.tabIndex !== 0) found.push("scrolls, and no key gets there");
}
if (!document.documentElement.lang || !document.title) found.push("no language, or no title");
return found;
"""

FIGURES = """
return [...document.querySelectorAll("figure")].map((figure) => {
  const shown = [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility());
  const box = shown[0]?.getBoundingClientRect();
  return {shown: shown.length, left: box?.left, right: box?.right, height: box?.height,
          marks: shown[0]?.querySelectorAll("path, use").length};
});
"""

# Of the figure that has the title: how many cells of its drawing have a hue, those of the legend left out.
COLOURED = """
const figure = [...document.querySelectorAll("figure")].find((one) => one.textContent.includes(arguments[0]));
const shown = [...figure.querySelectorAll("svg")].find((svg) => svg.checkVisibility());
return [...shown.querySelectorAll("path, use")].filter((path) => {
  const style = path.getAttribute("style");
  if (path.closest("[id*=legend], defs") || /fill: var\\(--(ink|soft|faint|paper)\\)/.test(style)) return false;
  const [r, g, b, a] = (getComputedStyle(path).fill.match(/[\\d.]+/g) ?? [0, 0, 0]).map(Number);
  return a !== 0 && Math.max(r, g, b) - Math.min(r, g, b) > 8;
}).length;
"""

# What of tables is not on the page: the text of cells that are wider than they have room, or reach beyond the body.
CUT = """
const right = document.body.getBoundingClientRect().right;
return [...document.querySelectorAll("th, td")].filter((cell) => cell.checkVisibility())
    .filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || cell.getBoundingClientRect().right > right + 1)
    .map((cell) => cell.textContent.trim());
"""
