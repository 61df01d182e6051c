/** Shorter numbers would show most of themselves. */
const SHOWN_FROM_DIGITS = 11;

/** 138****1234; anything that is no mobile number is hidden whole. */
export function maskedPhone(phone: string): string {
  const digits = phone.replace(/^(\+|00)86/, "").replace(/[\s-]/g, "");
  if (!/^\d+$/.test(digits) || digits.length < SHOWN_FROM_DIGITS) return "****";
  return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
}
