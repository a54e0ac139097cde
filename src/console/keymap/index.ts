export { type Binding, bindingOf, bindings, type Intent, keyName } from "./bindings.ts";
