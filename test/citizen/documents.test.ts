/** What may be uploaded to an appeal, by content and structure, whatever its name says. */

import { describe, expect, it } from "@jest/globals";
import {
  checkDocument,
  type DocumentRefusal,
  REFUSAL_WORDS,
} from "../../services/console/citizen/uploads/document-check.js";
import { jpeg, packed, pdf, png, stream, zip, zipBomb } from "./support/documents.js";

const FINE: readonly (readonly [string, Buffer, string])[] = [
  ["a photograph", jpeg(), "image/jpeg"],
  ["a photograph of 200 million pixels", jpeg({ width: 16_320, height: 12_240 }), "image/jpeg"],
  ["a photograph with its preview behind it", jpeg({ behind: jpeg() }), "image/jpeg"],
  ["a photograph filled up to a sector", jpeg({ behind: Buffer.alloc(511) }), "image/jpeg"],
  [
    "a photograph with the camera's own words",
    jpeg({ comment: "<x:xmpmeta>camera</x:xmpmeta>" }),
    "image/jpeg",
  ],
  ["a screenshot", png(), "image/png"],
  ["a screenshot with words", png({ text: "Screenshot" }), "image/png"],
  ["a PDF", pdf(), "application/pdf"],
  [
    "a PDF whose objects are packed",
    pdf([stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed("9 0 << /Type /Font >>"))]),
    "application/pdf",
  ],
  [
    "a PDF with a large picture",
    pdf([stream("/Subtype /Image /Filter /FlateDecode", packed(Buffer.alloc(40 << 20)))]),
    "application/pdf",
  ],
];

const REFUSED: readonly (readonly [string, Buffer, DocumentRefusal])[] = [
  ["nothing", Buffer.alloc(0), "empty"],
  ["a program called .jpg", Buffer.from("MZ\x90\0\x03\0\0\0", "latin1"), "executable"],
  ["a program of Linux", Buffer.from("\x7fELF\x02\x01\x01", "latin1"), "executable"],
  ["a script", Buffer.from("#!/bin/sh\nrm -rf /\n"), "executable"],
  ["an archive", zip(), "archive"],
  ["a ZIP bomb", zipBomb(), "archive"],
  [
    "an SVG with a script",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "vector-image",
  ],
  [
    "an SVG behind an XML head",
    Buffer.from('\ufeff<?xml version="1.0"?><svg onload="x()"/>'),
    "vector-image",
  ],
  ["an SVG in UTF-16", Buffer.from("<svg onload='x()'/>", "utf16le"), "vector-image"],
  ["a web page", Buffer.from("<!DOCTYPE html><html><body>x</body></html>"), "web-page"],
  ["a photograph of an iPhone", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1"), "heic"],
  ["a film", Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0", "latin1"), "unknown-format"],
  ["words", Buffer.from("hello"), "unknown-format"],
  ["the first bytes of a photograph", Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "damaged"],
  ["a photograph that was cut", jpeg().subarray(0, -3), "damaged"],
  ["a photograph without a picture", Buffer.from([0xff, 0xd8, 0xff, 0xd9]), "damaged"],
  ["a photograph of 50,000 × 50,000", jpeg({ width: 50_000, height: 50_000 }), "too-many-pixels"],
  [
    "a photograph with a film behind it",
    jpeg({ behind: Buffer.from("\0\0\0\x18ftypmp42", "latin1") }),
    "something-behind",
  ],
  ["a photograph with an archive behind it", jpeg({ behind: zip() }), "something-behind"],
  [
    "a photograph with an archive in its comment",
    jpeg({ comment: zip().toString("latin1") }),
    "something-inside",
  ],
  ["a photograph that is a PDF too", jpeg({ comment: "%PDF-1.7" }), "something-inside"],
  ["a photograph with a script in its comment", jpeg({ comment: "<?php system('x');" }), "something-inside"],
  ["a picture of 50,000 × 50,000", png({ width: 50_000, height: 50_000 }), "too-many-pixels"],
  ["a picture with a page behind it", png({ behind: Buffer.from("<html><script>") }), "something-behind"],
  ["a picture with a script in its words", png({ text: "<script>alert(1)</script>" }), "something-inside"],
  ["a picture that was cut", png().subarray(0, -2), "damaged"],
  ["a picture with a changed byte", changed(png(), 20), "damaged"],
  ["a PDF with JavaScript", pdf(["<< /S /JavaScript /JS (app.alert(1)) >>"]), "pdf-active"],
  ["a PDF with JavaScript written otherwise", pdf(["<< /S /J#61vaScript /JS (x) >>"]), "pdf-active"],
  ["a PDF that starts a program", pdf(["<< /S /Launch /F (cmd.exe) >>"]), "pdf-active"],
  ["a PDF with a form of XFA", pdf(["<< /XFA [ (template) 9 0 R ] >>"]), "pdf-active"],
  ["a PDF with a file in it", pdf(["<< /Type /EmbeddedFile >>"]), "pdf-embedded"],
  [
    "a PDF with JavaScript in packed objects whose dictionary seems to begin within itself",
    pdf([
      stream(
        "/Type /ObjStm /N 1 /First 4 /X ( obj) /Filter /FlateDecode",
        packed("9 0 << /S /JavaScript >>"),
      ),
    ]),
    "pdf-active",
  ],
  [
    "a PDF with JavaScript in packed objects whose dictionary is long",
    pdf([
      stream(
        `/Type /ObjStm /N 1 /First 4 ${" ".repeat(9000)} /Filter /FlateDecode`,
        packed("9 0 << /S /JavaScript >>"),
      ),
    ]),
    "pdf-active",
  ],
  [
    "a PDF with JavaScript in packed objects",
    pdf([stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed("9 0 << /S /JavaScript >>"))]),
    "pdf-active",
  ],
  [
    "a PDF whose packed objects say to be a picture, in a dictionary that seems to begin within itself",
    pdf([
      stream(
        "/Type /ObjStm /N 1 /First 4 /X ( obj) /Subtype /Image /Filter /FlateDecode",
        packed("9 0 << /S /JavaScript >>"),
      ),
    ]),
    "pdf-active",
  ],
  [
    "a PDF whose packed objects say to be a picture",
    pdf([stream("/Subtype /Image /N 1 /First 4 /Filter /FlateDecode", packed("9 0 << /S /JavaScript >>"))]),
    "pdf-active",
  ],
  [
    "a PDF whose objects are packed twice",
    pdf([
      stream(
        "/Type /ObjStm /First 4 /Filter [/FlateDecode /FlateDecode]",
        packed(packed("9 0 << /S /JavaScript >>")),
      ),
    ]),
    "pdf-too-packed",
  ],
  [
    "a PDF with a bomb",
    pdf([stream("/Filter /FlateDecode", packed(Buffer.alloc(64 << 20)))]),
    "pdf-too-packed",
  ],
  [
    "a PDF of many bombs",
    pdf(Array.from({ length: 9 }, () => stream("/Filter /FlateDecode", packed(Buffer.alloc(4 << 20))))),
    "pdf-too-packed",
  ],
  ["a PDF with a password", pdf(["<< /Encrypt 9 0 R >>"]), "pdf-encrypted"],
  ["a PDF with a page behind it", pdf([], "<script>alert(1)</script>"), "something-behind"],
  ["a PDF with an archive inside", pdf([stream("/Subtype /Image", zip())]), "something-inside"],
  ["a PDF that was cut", pdf().subarray(0, 80), "damaged"],
];

describe("a document", () => {
  it.each(FINE)("is taken: %s", (_what, content, mediaType) => {
    expect(checkDocument(content)).toEqual({ kind: "fine", mediaType });
  });

  it.each(REFUSED)("is refused: %s", (_what, content, refusal) => {
    expect(checkDocument(content)).toEqual({ kind: "refused", refusal });
  });

  it("that is refused is told so in plain words with the next step", () => {
    const next = /请|重新/;
    expect(Object.entries(REFUSAL_WORDS).filter(([, words]) => !next.test(words))).toEqual([]);
    const met = new Set(REFUSED.map(([, , refusal]) => refusal));
    expect(Object.keys(REFUSAL_WORDS).filter((refusal) => !met.has(refusal as DocumentRefusal))).toEqual([]);
  });

  it("made of any bytes, or cut and changed anywhere, never makes the check fail or hang", () => {
    let seed = 20_260_301;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const bases = [jpeg(), png({ text: "words" }), pdf([stream("/Filter /FlateDecode", packed("words"))])];
    for (let i = 0; i < 3000; i++) {
      const content = changed(bases[i % bases.length]!, random(200), random(256));
      const kind = checkDocument(content.subarray(0, random(content.length) + 1)).kind;
      expect(["fine", "refused"]).toContain(kind);
    }
  });
});

function changed(content: Buffer, at: number, by = 1): Buffer {
  const copy = Buffer.from(content);
  copy[at % copy.length] = (copy[at % copy.length]! + by) % 256;
  return copy;
}
