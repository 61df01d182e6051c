/** The printer of PDF: fonts of 20 MB and a library that are seldom needed, so loaded with the first paper. */

import type { PdfPrinter } from "../../platform/pdf/pdf.js";

export async function openPrinter(): Promise<PdfPrinter> {
  const { PdfkitPrinter } = await import("../../platform/pdf/pdfkit/pdfkit-printer.js");
  return new PdfkitPrinter();
}

export function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
