export { openStore, type Query, type Store, type StoreOptions, type Value } from "./store.ts";
