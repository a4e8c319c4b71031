// node check.js TEMPLATE PARAMETERS: what AWS's own validator finds in a template, a line of JSON each, nothing below a
// warning. PARAMETERS is an object of values for the parameters that have no usable default.
const { RegoEngine, TemplateFile } = require('@aws/cloudformation-validate');

const [template, parameters] = process.argv.slice(2);
const engine = new RegoEngine();
const report = engine.validateStandard(new TemplateFile(template), {
  severityLevel: 'WARN',
  parameterOverrides: JSON.parse(parameters),
});
if (report.status !== 'OK') {
  throw new Error(`the validator could not judge all of ${template}: ${report.status}`);
}
for (const { startLine, ruleId, message, entity } of report.diagnostics) {
  console.log(JSON.stringify({ line: startLine, rule: ruleId, where: entity?.logicalId ?? '', message }));
}
engine.free();
