/**
 * What a person did. Keys are `up`, `down`, `left`, `right`, `pageup`, `pagedown`, `home`, `end`, `enter`, `escape`, `tab`, `shift-tab`,
 * `backspace`, `delete`, `f1` to `f12`, `ctrl-a` to `ctrl-z`, or one printable character. A scan is a code that a scanner read; it never
 * confirms anything by itself.
 */
export type Input = { readonly kind: "key"; readonly key: string } | { readonly kind: "scan"; readonly code: string };
