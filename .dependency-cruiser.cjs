/** Rooms of docs/design.md section 6: who may import whom. */
const service = "^services/([^/]+)/";
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "Types may name each other; what is loaded at run time may not.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "schemas-know-zod-only",
      severity: "error",
      from: { path: "^schemas/" },
      to: { pathNot: "^(schemas/|node_modules/zod/)" },
    },
    {
      name: "services-never-import-each-other",
      severity: "error",
      from: { path: service },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "services-use-schemas-and-platform-ports-only",
      severity: "error",
      from: { path: "^services/" },
      to: { path: "^(cli|bench|tools|test)/" },
    },
    {
      name: "the-judge-is-pure",
      comment: "decide and what it calls: no clock, no files, no network, no platform.",
      severity: "error",
      from: { path: "^services/detector/(card|person|rules|decide)" },
      to: {
        path: "^platform/|^(node:)?(fs|net|http|https|os|child_process|worker_threads|dns|tls|process)(/|$)",
      },
    },
    {
      name: "platform-has-no-business-words",
      severity: "error",
      from: { path: "^platform/" },
      to: { path: "^(schemas|services|cli|bench|tools|test)/" },
    },
    {
      name: "only-cli-composes",
      severity: "error",
      from: { path: "^(schemas|services|platform)/" },
      to: { path: "^cli/" },
    },
    {
      name: "adapters-never-import-each-other",
      severity: "error",
      from: { path: "^platform/([^/]+)/([^/]+)/" },
      to: { path: "^platform/[^/]+/[^/]+/", pathNot: "^platform/$1/$2/" },
    },
    {
      name: "vendors-stay-behind-their-ports",
      comment: "Each vendor library is known to its adapters and to nobody else.",
      severity: "error",
      // What ours is compared with is written with the vendor's library, or is that library.
      from: { path: "^(schemas|services|cli|bench|tools)/", pathNot: "^bench/(peers|fuzz)/" },
      to: {
        path: "^node_modules/(lmdb|chdb|@clickhouse|@electric-sql|prom-client|pino|kafkajs|ioredis|pg|snappy|lz4-napi|sm-crypto-v2|@hpcc-js|@node-rs|pdfkit|fontkit|@expo-google-fonts|@alicloud|tencentcloud-sdk-nodejs-sms)/",
      },
    },
    {
      name: "pages-know-schemas-only",
      comment: "What runs in a browser: its own files, the shapes, and libraries for browsers.",
      severity: "error",
      from: { path: "^services/console/web/" },
      to: {
        pathNot: "^(services/console/web|schemas|rulesets)/|^node_modules/",
        dependencyTypesNot: ["npm"],
      },
    },
    {
      name: "nothing-else-knows-pages",
      severity: "error",
      from: { path: "^(schemas|services|platform|cli|bench)/", pathNot: "^services/console/web/" },
      to: { path: "^services/console/web/" },
    },
    { name: "no-orphans", severity: "warn", from: { orphan: true, pathNot: "\\.d\\.ts$" }, to: {} },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js", ".json"] },
  },
};
