/** The word by which the content security policy knows the styles of this page: it stands where the server put it. */
export const styleNonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
