/** The one style sheet: phone first, 18 px and larger, contrast of WCAG AA or better, no fonts from elsewhere. */

import { hash } from "node:crypto";

export const STYLE = `
:root { color-scheme: light; }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: #f2f4f7; color: #16202b;
  font: 1.125rem/1.7 "PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif;
  overflow-wrap: anywhere;
}
header { background: #0b4a8f; color: #fff; padding: .75rem 1rem; }
header p { margin: 0; max-width: 44rem; margin-inline: auto; font-weight: 700; font-size: 1.25rem; }
main, nav ul, footer > div { max-width: 44rem; margin-inline: auto; }
main { padding: 1rem; }
nav { background: #fff; border-bottom: 1px solid #c5ced8; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; padding: 0 .5rem; margin-block: 0; }
nav a, nav button { display: block; min-height: 3rem; padding: .6rem .7rem; color: #0b4a8f; }
nav a[aria-current] { font-weight: 700; box-shadow: inset 0 -4px #0b4a8f; color: #16202b; text-decoration: none; }
h1 { font-size: 1.625rem; line-height: 1.35; margin: .5rem 0 1rem; }
h2 { font-size: 1.375rem; line-height: 1.4; margin: 0 0 .5rem; }
p { margin: 0 0 .8rem; }
section, .card { background: #fff; border: 1px solid #c5ced8; border-radius: .75rem; padding: 1rem; margin: 0 0 1rem; }
dl { margin: 0 0 .8rem; display: grid; grid-template-columns: minmax(4rem, max-content) 1fr; column-gap: 1rem; }
details { margin: 0 0 .8rem; }
summary { min-height: 3rem; padding: .5rem 0; color: #0b4a8f; font-weight: 700; cursor: pointer; }
dt { color: #44515f; }
dd { margin: 0 0 .5rem; font-weight: 700; }
ul, ol { padding-left: 1.4rem; margin: 0 0 .8rem; }
li { margin-bottom: .35rem; }
a { color: #0b4a8f; }
form { margin: 0; }
.field { margin-bottom: 1.1rem; }
label, legend { font-weight: 700; }
.field > label { display: block; margin-bottom: .25rem; }
.hint { color: #44515f; font-weight: 400; margin: 0 0 .35rem; }
input:not([type="checkbox"], [type="radio"]), select, textarea {
  width: 100%; min-height: 3.25rem; padding: .6rem .8rem; font: inherit; color: inherit;
  background: #fff; border: 2px solid #5d6b7a; border-radius: .5rem;
}
input.code { font-size: 1.5rem; letter-spacing: .08em; }
textarea { min-height: 12rem; }
fieldset { border: 0; padding: 0; margin: 0 0 1rem; min-width: 0; }
.choice { display: flex; gap: .75rem; align-items: flex-start; padding: .7rem; border: 1px solid #c5ced8; border-radius: .5rem; margin-bottom: .5rem; }
.choice input { flex: none; width: 1.6rem; height: 1.6rem; margin-top: .15rem; }
.choice label { flex: 1; min-width: 0; }
.choice .hint { display: block; margin: 0; }
button, .button {
  display: block; width: 100%; min-height: 3.25rem; padding: .7rem 1rem; font: inherit; font-weight: 700; line-height: 1.4;
  text-align: center; text-decoration: none; border-radius: .6rem; border: 2px solid #0b4a8f; background: #0b4a8f; color: #fff; cursor: pointer;
}
button.second, .button.second { background: #fff; color: #0b4a8f; }
button.warn, .button.warn { background: #a31515; border-color: #a31515; }
nav li:last-child { margin-left: auto; }
nav button { width: auto; border: 0; background: none; font-weight: 400; text-decoration: underline; color: #0b4a8f; }
.actions { display: grid; gap: .75rem; margin: .5rem 0 1rem; }
section > form { margin-bottom: 1rem; }
.choice + .field { margin-top: 1.1rem; }
.choice + .actions, .choice + button { margin-top: 1rem; }
.note { border-left: .4rem solid #0b4a8f; background: #e6effa; padding: .8rem 1rem; border-radius: .25rem; margin: 0 0 1rem; }
.note.warn { border-color: #a31515; background: #fdecea; }
.note.good { border-color: #1a6b35; background: #e5f4ea; }
.note > :last-child, section > :last-child, form > :last-child { margin-bottom: 0; }
.error { color: #a31515; font-weight: 600; margin: 0 0 .35rem; }
.error-field { border-color: #a31515 !important; }
.amount { font-size: 1.625rem; font-weight: 700; }
.tag { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; background: #e6effa; color: #0b3a70; font-weight: 600; }
.tag.warn { background: #fdecea; color: #8a1010; }
.tag.good { background: #e5f4ea; color: #14552a; }
.steps { list-style: none; padding: 0; }
.steps li { padding: .2rem 0 .6rem 1.2rem; border-left: 3px solid #0b4a8f; margin: 0; }
footer { padding: .5rem 1rem 2rem; color: #35414e; }
a.skip { position: absolute; left: -99rem; }
a.skip:focus { position: static; display: block; padding: .5rem 1rem; background: #fff; }
:focus-visible { outline: 3px solid #b35900; outline-offset: 2px; }
header :focus-visible { outline-color: #fff; }
@media (min-width: 40rem) {
  main { padding: 1.5rem 1rem; }
  button, .button { width: auto; min-width: 12rem; }
  .actions { display: flex; flex-wrap: wrap; }
  dl { grid-template-columns: minmax(7rem, max-content) 1fr; column-gap: 1.25rem; }
}
@media (min-width: 46rem) { header p, footer > div, nav ul { padding-inline: 1rem; } }
@media print { nav, footer, button, .button { display: none; } }
`;

/** Another text has another address: it may be kept for long. */
export const STYLE_PATH = `/style-${hash("sha256", STYLE).slice(0, 12)}.css`;
