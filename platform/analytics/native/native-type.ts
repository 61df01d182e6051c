/** Types of columns as ClickHouse spells them, as far as the writer of Native blocks knows them. */

export type NativeType =
  | { readonly kind: "text" }
  | { readonly kind: "whole"; readonly bytes: 1 | 2 | 4 | 8 }
  | { readonly kind: "double" }
  | { readonly kind: "flag" }
  /** Milliseconds since 1970. */
  | { readonly kind: "instant" }
  | { readonly kind: "name"; readonly numbers: ReadonlyMap<string, number> }
  | { readonly kind: "nullable"; readonly of: NativeType }
  | { readonly kind: "list"; readonly of: NativeType };

const WHOLE = { UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8 } as const;
const ENUM = /^Enum8\((.*)\)$/;
const ENUM_NAME = /'([^'\\]*)' = (-?\d+)/g;
const WRAPPED = /^(Nullable|Array|LowCardinality)\((.*)\)$/;
const MILLISECONDS = /^DateTime64\(3(, '[\w/+-]+')?\)$/;

/** @throws TypeError where blocks cannot hold such a column. */
export function nativeTypeOf(spelled: string): NativeType {
  if (spelled === "String") return { kind: "text" };
  if (spelled === "Float64") return { kind: "double" };
  if (spelled === "Bool") return { kind: "flag" };
  if (MILLISECONDS.test(spelled)) return { kind: "instant" };
  if (isWhole(spelled)) return { kind: "whole", bytes: WHOLE[spelled] };
  const names = ENUM.exec(spelled)?.[1];
  if (names !== undefined) {
    const numbers = [...names.matchAll(ENUM_NAME)].map(
      ([, name, number]) => [name!, Number(number)] as const,
    );
    return { kind: "name", numbers: new Map(numbers) };
  }
  const [, wrapper, inner] = WRAPPED.exec(spelled) ?? [];
  if (wrapper === "LowCardinality" && inner === "String") return { kind: "text" };
  if (wrapper === "Nullable") return { kind: "nullable", of: nativeTypeOf(inner!) };
  if (wrapper === "Array") return { kind: "list", of: nativeTypeOf(inner!) };
  throw new TypeError(`column type '${spelled}': blocks are not written with it; add it to native-type.ts`);
}

/**
 * The type as it is written into a block: texts without their dictionaries, which the engine makes itself (it would have
 * to renumber ours in any case).
 */
export function blockTypeOf(spelled: string): string {
  return spelled.replaceAll("LowCardinality(String)", "String");
}

function isWhole(spelled: string): spelled is keyof typeof WHOLE {
  return Object.hasOwn(WHOLE, spelled);
}
