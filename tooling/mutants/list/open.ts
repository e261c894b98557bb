/**
 * Mutants that no family catches yet, and the case that would. A campaign fails for every survivor that is not named here, and
 * for every one named here that is caught: then its line goes.
 */
export const OPEN: Readonly<Record<string, string>> = {};
