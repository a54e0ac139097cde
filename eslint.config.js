import tseslint from "typescript-eslint";

/** Functions fit on a screen; where one cannot, the place that breaks the rule says why. */
const sizes = {
  complexity: ["error", 20],
  "max-depth": ["error", 5],
  "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
};

const everywhere = {
  curly: ["error", "multi-line"],
  eqeqeq: ["error", "always"],
  "no-console": "error",
  "no-control-regex": "error",
  "no-eval": "error",
  "no-implicit-coercion": "error",
  "no-new-func": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
};

export default tseslint.config(
  { ignores: ["**/node_modules/", "native/*/build/", "coverage/", "test/samples/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...everywhere,
      ...sizes,
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // An index that was just checked is known to be there; the compiler cannot see it, `!` says it.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // Contracts are records of closures, made to be taken apart; none of them knows `this`.
      "@typescript-eslint/unbound-method": "off",
      // Hot loops over bytes count with indexes on purpose.
      "@typescript-eslint/prefer-for-of": "off",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["native/**/*.js", "*.js"],
    extends: [tseslint.configs.recommended],
    rules: { ...everywhere, ...sizes },
  },
  {
    // A suite is one long function by its nature; its tests are what must be short.
    files: ["test/**/*.ts", "native/*/test/**/*.ts", "native/*/test/**/*.js"],
    rules: {
      "max-lines-per-function": "off",
      // Why a test was left out is said where it is seen.
      "no-console": "off",
    },
  },
  {
    files: ["tools/**/*.ts"],
    rules: { "no-console": "off" },
  },
);
