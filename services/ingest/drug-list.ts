/** Which purchased items are on the list of drugs that are easily resold (rulesets/high-resale-drugs.json). */

export class DrugList {
  private readonly codes: ReadonlySet<string>;
  private readonly names: readonly string[];

  constructor(list: { readonly codes: readonly string[]; readonly names: readonly string[] }) {
    this.codes = new Set(list.codes);
    this.names = list.names;
  }

  /** By code, else the name contains a listed name. */
  isListed(code: string | null, name: string | null): boolean {
    if (code !== null && this.codes.has(code)) return true;
    return name !== null && this.names.some((listed) => name.includes(listed));
  }
}
