import { describe, expect, test } from "@jest/globals";
import { handbook } from "../../../bench/real/handbook.js";
import type { LabelledSet } from "../../../bench/real/labelled-set.js";
import { medicalSwipes } from "../../../bench/real/medical-swipes.js";
import { paysim } from "../../../bench/real/paysim.js";
import { collect, withDataFolder } from "./sample-set.js";

const convert = (set: LabelledSet, file: string, lines: readonly string[]) =>
  withDataFolder({ [file]: `${lines.join("\n")}\n` }, (folder) => collect(set.convert(folder)));

describe("converting the handbook set", () => {
  const convertHandbook = (...rows: string[]) =>
    convert(handbook, "handbook_2018-04_to_06.csv.gz", [
      "TRANSACTION_ID,TX_DATETIME,CUSTOMER_ID,TERMINAL_ID,TX_AMOUNT,TX_FRAUD,TX_FRAUD_SCENARIO",
      ...rows,
    ]);

  test("a payment is a settle at home", async () => {
    const [payment] = await convertHandbook("7,2018-04-01 00:00:31,596,3156,57.16,0,0");
    expect(payment).toEqual({
      record: {
        type: "swipe",
        eventId: "handbook-7",
        kind: "settle",
        occurredAt: "2018-04-01T00:00:31.000+08:00",
        personId: "handbook-596",
        cardNumber: "H596",
        credential: "card",
        insuredRegion: "330100",
        careRegion: "330100",
        institutionId: "T3156",
        institutionKind: "hospital",
        totalFen: 5716,
      },
      unit: { unitId: "handbook-7", holderId: "596", fraudKind: null, period: null },
    });
  });

  test.each([
    ["1", "1 amount"],
    ["2", "2 terminal"],
    ["3", "3 card"],
  ])("scenario %s is the fraud kind %s", async (scenario, kind) => {
    const [payment] = await convertHandbook(`7,2018-04-01 00:00:31,1,2,3.5,1,${scenario}`);
    expect(payment?.unit.fraudKind).toBe(kind);
  });

  test("another scenario is refused by line", async () => {
    await expect(convertHandbook("7,2018-04-01 00:00:31,1,2,3.5,1,4")).rejects.toThrow(
      'handbook_2018-04_to_06.csv.gz line 2: TX_FRAUD_SCENARIO is "4"; expected 0, 1, 2 or 3',
    );
  });
});

describe("converting the medical_swipes set", () => {
  const convertMedical = (...rows: string[]) =>
    convert(medicalSwipes, "medical_swipes_2020h1.csv.gz", [
      "is_fraud,swipe_id,swipe_date,swipe_amount,mcc,merchant_name,merchant_zipcode,policy_holder_id,first_name,last_name,policy_start_date",
      ...rows,
    ]);
  const swipe = (label: string, id: string, date: string, provider: string) =>
    `${label},${id},${date} 06:03:04,469.38,5047,${provider},980,132,KELLY,MCFARLAND,2019-08-12 13:31:00`;

  test("the provider's first word tells pharmacies from the rest", async () => {
    const providers = ["PHARMACY JO GARRISON", "RX STACY", "DR. DAVID", "PHARMACYLAND DAVID"];
    const converted = await convertMedical(
      ...providers.map((provider, index) => swipe("F", `${index}`, "2020-01-01", provider)),
    );
    expect(converted.map(({ record }) => [record.institutionId, record.institutionKind])).toEqual([
      ["PHARMACY JO GARRISON 980", "pharmacy"],
      ["RX STACY 980", "pharmacy"],
      ["DR. DAVID 980", "hospital"],
      ["PHARMACYLAND DAVID 980", "hospital"],
    ]);
  });

  test("the quarters are reported alone", async () => {
    const converted = await convertMedical(
      swipe("F", "1", "2020-03-31", "RX STACY"),
      swipe("T", "2", "2020-04-01", "RX STACY"),
    );
    expect(converted.map(({ unit }) => [unit.period, unit.fraudKind])).toEqual([
      ["first quarter", null],
      ["second quarter", "burst"],
    ]);
  });

  test("another label is refused by line", async () => {
    await expect(convertMedical(swipe("?", "1", "2020-01-01", "RX STACY"))).rejects.toThrow(
      'line 2: is_fraud is "?"; expected T or F',
    );
  });
});

describe("converting the paysim set", () => {
  const convertPaysim = (...rows: string[]) =>
    convert(paysim, "paysim_half.csv.gz", [
      "step,type,amount,nameOrig,oldbalanceOrg,newbalanceOrig,nameDest,oldbalanceDest,newbalanceDest,isFraud,isFlaggedFraud",
      ...rows,
    ]);

  test("the account pays what it holds and cash the rest", async () => {
    const converted = await convertPaysim(
      "1,TRANSFER,300.5,C1,300.5,0.0,C9,0.0,0.0,1.0,0.0",
      "2,PAYMENT,500.0,C2,120.0,0.0,M9,0.0,0.0,0.0,0.0",
    );
    expect(converted.map(({ record, unit }) => ({ ...record, fraudKind: unit.fraudKind }))).toMatchObject([
      {
        totalFen: 30_050,
        accountFen: 30_050,
        cashFen: 0,
        balanceBeforeFen: 30_050,
        fraudKind: "account emptied",
      },
      { totalFen: 50_000, accountFen: 12_000, cashFen: 38_000, balanceBeforeFen: 12_000, fraudKind: null },
    ]);
  });

  test("cash paid in is no swipe", async () => {
    const converted = await convertPaysim(
      "1,CASH_IN,10.0,C1,0.0,10.0,C9,0.0,0.0,0.0,0.0",
      "17,DEBIT,10.0,C1,10.0,0.0,C9,0.0,0.0,0.0,0.0",
    );
    expect(converted.map(({ record }) => [record.eventId, record.occurredAt])).toEqual([
      ["paysim-2", "2020-01-02T01:00:00.000+08:00"],
    ]);
  });
});
