/** Imports point one way; see README "Map of the code". */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'engine-is-pure',
      comment: 'engine/ outside node/ knows no Node, Electron, React or network',
      severity: 'error',
      from: { path: '^engine/', pathNot: ['^engine/(node|testing)/', '\\.test\\.ts$'] },
      to: {
        path: [
          '^(electron|renderer)/',
          '^engine/(node|testing)/',
          '^node_modules/(electron|react|react-dom|ioredis|zustand|monaco-editor)/',
        ],
      },
    },
    {
      name: 'engine-no-node-builtins',
      severity: 'error',
      from: { path: '^engine/', pathNot: ['^engine/(node|testing)/', '\\.test\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-node-is-for-hosts',
      severity: 'error',
      from: { path: '^(renderer)/', pathNot: '\\.test\\.tsx?$' },
      to: {
        path: ['^engine/(node|testing)/', '^electron/(?!contract)', '^node_modules/(electron|ioredis)/'],
      },
    },
    {
      name: 'renderer-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-not-renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'engine-not-desktop',
      severity: 'error',
      from: { path: '^engine/node/' },
      to: { path: '^(electron|renderer)/' },
    },
    {
      name: 'base-layer',
      comment:
        'catalog and database know nothing above them; the quoter and the literal printer stand below all',
      severity: 'error',
      from: { path: '^engine/(catalog|database)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^engine/(notebook|sql|training|skew|audit|online|backfill|stream|run)',
        pathNot: '^engine/sql/(quote|literal)\\.ts$',
      },
    },
    {
      name: 'sql-layer',
      severity: 'error',
      from: { path: '^engine/sql/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(training|skew|audit|online|backfill|stream|run)' },
    },
    {
      name: 'capabilities-apart',
      comment:
        'skew, audit and online may read what training computes, skew what a stream accepts; nothing else crosses',
      severity: 'error',
      from: { path: '^engine/training/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(skew|audit|online|backfill|stream|run)' },
    },
    {
      name: 'skew-apart',
      severity: 'error',
      from: { path: '^engine/skew/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(audit|online|backfill|run)' },
    },
    {
      name: 'audit-apart',
      severity: 'error',
      from: { path: '^engine/audit/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(skew|online|backfill|stream|run)' },
    },
    {
      name: 'online-apart',
      severity: 'error',
      from: { path: '^engine/online/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(skew|audit|backfill|stream|run)' },
    },
    {
      name: 'backfill-apart',
      severity: 'error',
      from: { path: '^engine/backfill/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(notebook|training|skew|audit|online|stream|run)' },
    },
    {
      name: 'stream-apart',
      severity: 'error',
      from: { path: '^engine/stream/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(notebook|training|skew|audit|online|backfill|run)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(out|dist|release)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
