import { describe, expect, test } from "@jest/globals";
import { cardNumberOf, credentialOf, isResidentNumber } from "../../../schemas/national/certificate.js";

/** Of nobody: there is no division 990000. */
const RESIDENT = "99000019900101123";
const WITH_CHECK_DIGIT = [..."0123456789X"].map((digit) => RESIDENT + digit).find(isResidentNumber)!;

describe("what is shown at the counter", () => {
  test.each([
    ["01", "e-credential"],
    ["02", "identity-document"],
    ["03", "card"],
    ["04", "card"],
    ["05", "card"],
    ["06", "card"],
    ["17", "card"],
    ["99", null],
    ["constructor", null],
  ])("type %s is %s", (type, credential) => expect(credentialOf(type)).toBe(credential));

  test("exactly one check digit makes a resident's number", () => {
    expect([..."0123456789X"].filter((digit) => isResidentNumber(RESIDENT + digit))).toHaveLength(1);
    expect(isResidentNumber(WITH_CHECK_DIGIT.toLowerCase())).toBe(true);
    expect(isResidentNumber("990000900101123")).toBe(false);
  });

  test("a number of before 1999 and one between spaces are known too", () => {
    expect(isResidentNumber("330102900101123")).toBe(true);
    expect(isResidentNumber("330102901301123")).toBe(false);
    expect(isResidentNumber(` ${WITH_CHECK_DIGIT} `)).toBe(true);
  });
});

describe("a card's number is taken", () => {
  test("of a card, its certificate number before its card_sn", () => {
    expect(cardNumberOf("card", { mdtrt_cert_no: "A1", card_sn: "S1" })).toBe("A1");
    expect(cardNumberOf("card", { card_sn: "S1" })).toBe("S1");
  });

  test("never of an e-credential or an ID card", () => {
    for (const credential of ["e-credential", "identity-document", "interim-certificate"] as const)
      expect(cardNumberOf(credential, { mdtrt_cert_no: "A1", card_sn: "S1" })).toBeUndefined();
  });

  test("never where it is a resident's ID number, wherever it stands", () => {
    expect(cardNumberOf("card", { mdtrt_cert_no: WITH_CHECK_DIGIT })).toBeUndefined();
    expect(cardNumberOf("card", { mdtrt_cert_no: ` ${WITH_CHECK_DIGIT}`, card_sn: " S1 " })).toBe("S1");
    expect(cardNumberOf("card", { mdtrt_cert_no: WITH_CHECK_DIGIT, card_sn: "S1" })).toBe("S1");
    expect(cardNumberOf("card", { mdtrt_cert_no: "A1", card_sn: WITH_CHECK_DIGIT })).toBe("A1");
  });
});
