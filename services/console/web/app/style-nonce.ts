/** The word by which the content security policy knows the styles of this page: it stands where the server put it. */
export const styleNonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/**
 * Styles that the library makes without being asked for the word (it measures scroll bars with one) get it too. Only the
 * program of the page makes elements: what somebody typed never becomes one.
 */
const createElement = document.createElement.bind(document) as (
  name: string,
  options?: ElementCreationOptions,
) => HTMLElement;
document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
  return element;
}) as typeof document.createElement;
