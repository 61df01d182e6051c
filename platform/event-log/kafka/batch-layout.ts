/** Where the fields of a record batch of format 2 lie; the CRC32C covers all behind it. */

export const LENGTH_AT = 8;
export const LEADER_EPOCH_AT = 12;
export const MAGIC_AT = 16;
export const CRC_AT = 17;
export const ATTRIBUTES_AT = 21;
export const LAST_OFFSET_DELTA_AT = 23;
export const FIRST_TIMESTAMP_AT = 27;
export const MAX_TIMESTAMP_AT = 35;
export const PRODUCER_ID_AT = 43;
export const PRODUCER_EPOCH_AT = 51;
export const FIRST_SEQUENCE_AT = 53;
export const COUNT_AT = 57;
export const RECORDS_AT = 61;

/** The length field counts what lies behind it. */
export const LENGTH_COUNTS_FROM = 12;
export const MAGIC = 2;
/** Attributes. */
export const IS_LOG_APPEND_TIME = 0x08;
export const IS_CONTROL = 0x20;
/** The one header an entry has, where it has one. */
export const HEADER_KEY = "h";
