/**
 * The honest mix as numbers: one place, stated in README.md, which a test compares with this file.
 * Never change a share to please a rule; change README.md first, with the reason.
 */
export const HONEST_MIX = {
  // Demanded by the brief.
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
export const FIRST_MISS_SHARE = 0.0252;
/** After two misses one in four tries again at another pharmacy. */
export const MOVE_AFTER_TWO_MISSES_SHARE = 0.25;

/** Share of a trip that is not "hospital then pharmacy": pharmacy only; the rest is hospital only. */
export const PHARMACY_ONLY_OF_TRIPS = 0.45;

/** [share of persons, trips a day]. */
export const TRIP_RATES = [
  [0.7, 0.07],
  [0.25, 0.2],
  [0.05, 0.45],
] as const;

export const E_CREDENTIAL_WHEN_PREFERRED = 0.85;
export const E_CREDENTIAL_OTHERWISE = 0.1;

export const JOURNEY_OF_DAYS = 0.008;
/**
 * Chance that a trip within the home city goes to another county than one's own: what is left of the
 * 54 % when the swipes in other cities (about 13 %, measured) are taken away.
 */
export const OTHER_COUNTY_OF_HOME_TRIPS = 0.47;

export const COMMUTING_OF_WORKING_DAYS = 0.85;
export const SECOND_TRIP_OF_COMMUTING_DAYS = 0.3;
export const FAMILY_APART_SHARE = 0.4;
export const SHARED_MONEY_OF_FAMILY_VISITS = 0.5;
export const RELATIVE_OF_FAMILY_TRIPS = 1 / 12;
export const RETIREE_FILES_LATE_SHARE = 0.1;
export const TEMPORARY_CARD_OF_REPLACEMENTS = 0.3;

/** Medians in fen and sigma of the log-normal amounts: mean = median x exp(sigma squared / 2). */
export const AMOUNTS = {
  pharmacy: { medianFen: 7_200, sigma: 0.83 }, // mean 101.6 yuan
  outpatient: { medianFen: 13_100, sigma: 0.8 }, // mean 180.4 yuan
  inpatient: { medianFen: 500_000, sigma: 0.8 }, // mean 6,886 yuan
  balance: { medianFen: 120_000, sigma: 1.0 },
} as const;
