/**
 * Is a file what an appeal takes: a photograph (JPEG, PNG) or a PDF, by content and by structure? Pure.
 *
 * 1. The name and what the browser calls it count for nothing.
 * 2. Nothing is decoded but what a PDF packs around its objects, and of that no more than a stated size.
 * 3. What has another format's body in or behind it is refused: it would be something else to another reader.
 * It is no virus scanner: what passes is kept sealed and is only ever handed out as a download.
 */

import type { AppealDocument } from "../../../../schemas/appeal.js";
import { checkJpeg } from "./jpeg-check.js";
import { checkPdf } from "./pdf-check.js";
import { checkPng } from "./png-check.js";

export type DocumentRefusal =
  | "empty"
  | "archive"
  | "executable"
  | "web-page"
  | "vector-image"
  | "heic"
  | "unknown-format"
  | "damaged"
  | "too-many-pixels"
  | "something-behind"
  | "something-inside"
  | "pdf-active"
  | "pdf-embedded"
  | "pdf-encrypted"
  | "pdf-too-packed";

export type DocumentCheck =
  | { readonly kind: "fine"; readonly mediaType: AppealDocument["mediaType"] }
  | { readonly kind: "refused"; readonly refusal: DocumentRefusal };

export function checkDocument(content: Buffer): DocumentCheck {
  const mediaType = mediaTypeOf(content);
  if (mediaType === null) return { kind: "refused", refusal: namedFormat(content) };
  const refusal = structureOf(mediaType, content) ?? polyglotIn(content, mediaType);
  return refusal === null ? { kind: "fine", mediaType } : { kind: "refused", refusal };
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function mediaTypeOf(content: Buffer): AppealDocument["mediaType"] | null {
  if (content.length > 3 && content.readUIntBE(0, 3) === 0xffd8ff) return "image/jpeg";
  if (content.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return "image/png";
  return content.subarray(0, 5).toString("latin1") === "%PDF-" ? "application/pdf" : null;
}

function structureOf(mediaType: AppealDocument["mediaType"], content: Buffer): DocumentRefusal | null {
  switch (mediaType) {
    case "image/jpeg":
      return checkJpeg(content);
    case "image/png":
      return checkPng(content);
    case "application/pdf":
      return checkPdf(content);
  }
}

const HEAD_BYTES = 1024;
const ARCHIVES = [
  "PK\x03\x04",
  "PK\x05\x06",
  "Rar!",
  "7z\xbc\xaf",
  "\x1f\x8b",
  "BZh",
  "\xfd7zXZ",
  "(\xb5/\xfd",
];
const EXECUTABLES = ["MZ", "\x7fELF", "#!", "\xca\xfe\xba\xbe", "\xfe\xed\xfa", "\xcf\xfa\xed\xfe"];
const HEIC_BRANDS = ["heic", "heix", "hevc", "mif1", "msf1", "avif"];

/** What it is instead, so that the holder can be told what to do. */
function namedFormat(content: Buffer): DocumentRefusal {
  if (content.length === 0) return "empty";
  const head = content.subarray(0, HEAD_BYTES).toString("latin1");
  if (ARCHIVES.some((start) => head.startsWith(start))) return "archive";
  if (EXECUTABLES.some((start) => head.startsWith(start))) return "executable";
  if (head.slice(4, 8) === "ftyp" && HEIC_BRANDS.includes(head.slice(8, 12))) return "heic";
  // Also in UTF-16.
  const text = head.replaceAll("\0", "").toLowerCase();
  if (text.includes("<svg")) return "vector-image";
  return /<(!doctype|html|script|body|\?xml|\?php)/.test(text) ? "web-page" : "unknown-format";
}

/** A ZIP's last record is 22 bytes and a comment of at most 65,535. */
const ZIP_END_BYTES = 22;
const ZIP_COMMENT_BYTES_MAX = 65_535;
const ZIP_END = Buffer.from("PK\x05\x06", "latin1");

/** Would another reader take it for something else? */
function polyglotIn(content: Buffer, mediaType: AppealDocument["mediaType"]): DocumentRefusal | null {
  if (mediaType !== "application/pdf" && content.subarray(0, HEAD_BYTES).includes("%PDF-"))
    return "something-inside";
  const from = Math.max(0, content.length - ZIP_END_BYTES - ZIP_COMMENT_BYTES_MAX);
  for (let at = content.indexOf(ZIP_END, from); at >= 0; at = content.indexOf(ZIP_END, at + 1)) {
    const isWhole = at + ZIP_END_BYTES <= content.length;
    if (isWhole && at + ZIP_END_BYTES + content.readUInt16LE(at + 20) <= content.length)
      return "something-inside";
  }
  return null;
}

/** In the words of a person at the counter, with the next step. */
export const REFUSAL_WORDS: Readonly<Record<DocumentRefusal, string>> = {
  empty: "这个文件是空的。请重新选择文件。",
  archive: "这是一个压缩包，不能上传。请把里面的照片或 PDF 取出来，一个一个上传。",
  executable: "这是一个程序，不是照片，不能上传。请上传照片（JPEG、PNG）或 PDF。",
  "web-page": "这是一个网页文件，不能上传。请把要交的内容截屏，再上传截屏。",
  "vector-image": "这是 SVG 图形文件，不能上传。请截屏后上传截屏。",
  heic: "这是 HEIC 格式的照片，本页还不能接收。请打开照片截屏后上传截屏；苹果手机也可以在“设置—相机—格式”里选“兼容性最佳”，再拍一张。",
  "unknown-format": "认不出这个文件的格式。请上传照片（JPEG、PNG）或 PDF。",
  damaged: "这个文件不完整或已损坏，打不开。请重新拍照或重新保存后再上传。",
  "too-many-pixels": "这张图片的尺寸太大。请用手机普通拍照模式重拍，或截屏后上传截屏。",
  "something-behind":
    "这张照片后面还带有别的内容（例如动态照片的视频）。请关闭“动态照片”重拍，或打开照片截屏后上传截屏。",
  "something-inside": "这个文件里夹带了别的文件，不能上传。请重新拍照或截屏后上传。",
  "pdf-active": "这个 PDF 里带有程序或会自动执行的内容，不能上传。请打印后拍照上传，或截屏后上传。",
  "pdf-embedded": "这个 PDF 里夹带了别的文件，不能上传。请把要交的那一页截屏上传，或打印后拍照上传。",
  "pdf-encrypted": "这个 PDF 加了密码，工作人员打不开。请去掉密码，或截屏后上传。",
  "pdf-too-packed": "这个 PDF 压缩得太紧，不能安全打开。请把要交的那一页截屏上传。",
};
