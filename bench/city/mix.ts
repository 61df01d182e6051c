/**
 * The honest mix as numbers: one place, stated in README.md, which a test compares with this file.
 * Never change a share to please a rule; change README.md first, with the reason.
 */
export const HONEST_MIX = {
  // As many as were asked for.
  wrongPinOfEntries: 0.03,
  hospitalThenPharmacyOfTrips: 0.2,
  defaultPinOfPersons: 0.1,
  familyOfPersons: 0.05,
  retireeOfPersons: 0.05,
  commuterOfPersons: 0.08,
  foundAgainOfPersons: 0.005,
  lateOfSwipes: 0.02,
  outsideHomeCountyOfSwipes: 0.54,
  // Added because it happens.
  eCredentialOfPersons: 0.4,
  authorizeOfHospitalVisits: 0.25,
  emergencyOfHospitalVisits: 0.02,
  stayOfHospitalVisits: 0.006,
  cancelOfSettles: 0.005,
  secondPharmacyOfVisits: 0.003,
  separateSettlesOfVisits: 0.01,
  itemsOfPharmacySettles: 0.6,
  birthdayPinOfPersons: 0.15,
  chronicOfPersons: 0.1,
  limitsOfPersons: 0.005,
  externalPrescriptionOfStays: 0.3,
  relativeBuysOfStays: 0.05,
  agentOfPharmacyVisits: 0.03,
  dearDrugOfBaskets: 0.001,
  holidayJourneyOfPersons: 0.1,
  replacementOfPersons: 0.01,
  newcomerOfPersons: 0.01,
  fastClockOfInstitutions: 0.01,
  noPinOfInstitutions: 0.25,
  coordinatesOfInstitutions: 0.5,
  sentTwiceOfLines: 0.002,
} as const;

/** A miss is followed by another miss in one of five cases. */
export const SECOND_MISS_SHARE = 0.2;
/**
 * Chance that a PIN session starts with a miss, so that misses are 3 % of entries: a session has
 * m = p(1 + 0.2 + 0.04) misses and about 1.01 right entries (some visits have several settles).
 */
export const FIRST_MISS_SHARE = 0.0277;
/** After two misses one in four tries again at another pharmacy. */
export const MOVE_AFTER_TWO_MISSES_SHARE = 0.25;

/** Of trips that are no bulk purchase, so that it is 20 % of all. */
export const HOSPITAL_THEN_PHARMACY_OF_OTHER_TRIPS = 0.218;
/** Share of a trip that is not "hospital then pharmacy": pharmacy only; the rest is hospital only. */
export const PHARMACY_ONLY_OF_TRIPS = 0.45;

/**
 * [share of persons, trips a day]; the last row are the chronically ill: a prescription lasts 7 days (domain: 7 days normal,
 * up to 12 weeks long), so that nobody goes out for drugs every second day. In the mean 15 trips a year; the country
 * has 18 million settlements a day for 1,346 million insured, 4.9 a year: holders of a personal account go out more.
 */
export const TRIP_RATES = [
  [0.6, 0.02],
  [0.3, 0.05],
  [HONEST_MIX.chronicOfPersons, 0.14],
] as const;
/** A chronically ill person buys for weeks at once on one of the last days of a month. */
export const BULK_PURCHASE_OF_LAST_DAYS = 0.2;
export const LAST_DAYS_OF_MONTH = 5;
/** What the account pays of a trip in the mean, measured on accounts that are not empty. */
export const ACCOUNT_FEN_OF_TRIP = 10_000;
/**
 * Months over which an account has gathered what its holder does not spend. They make the mean balance 3,800 yuan, as in the
 * country at the end of 2022: 1,371.265 billion yuan in 362.43 million personal accounts.
 */
export const MONTHS_OF_SAVING = [6, 84] as const;

export const E_CREDENTIAL_WHEN_PREFERRED = 0.85;
export const E_CREDENTIAL_OTHERWISE = 0.1;

export const JOURNEY_OF_DAYS = 0.008;
/**
 * Chance that a trip within the home city goes to another county than one's own: what is left of the
 * 54 % when the swipes in other cities (about 13 %, measured) are taken away.
 */
export const OTHER_COUNTY_OF_HOME_TRIPS = 0.49;
/**
 * Of them, trips to the one other county the person is used to (work, a trusted hospital). People do not wander: in the
 * county of the base rates 1,544 persons in two years went to several institutions on one day, among 419,378 settlements.
 */
export const USUAL_OTHER_COUNTY_SHARE = 0.8;

export const COMMUTING_OF_WORKING_DAYS = 0.85;
export const SECOND_TRIP_OF_COMMUTING_DAYS = 0.3;
export const FAMILY_APART_SHARE = 0.4;
export const SHARED_MONEY_OF_FAMILY_VISITS = 0.5;
export const RELATIVE_OF_FAMILY_TRIPS = 1 / 12;
export const RETIREE_FILES_LATE_SHARE = 0.1;
export const TEMPORARY_CARD_OF_REPLACEMENTS = 0.3;

/** Medians in fen and sigma of the log-normal amounts: mean = median x exp(sigma squared / 2). */
export const AMOUNTS = {
  pharmacy: { medianFen: 6_450, sigma: 0.83 }, // mean 91 yuan, with the bulk purchases 102
  outpatient: { medianFen: 13_100, sigma: 0.8 }, // mean 180.4 yuan
  inpatient: { medianFen: 500_000, sigma: 0.8 }, // mean 6,886 yuan
  bulk: { medianFen: 18_000, sigma: 0.5 }, // mean 204 yuan
} as const;
