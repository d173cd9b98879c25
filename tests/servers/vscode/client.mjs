// VS Code's own protocol library as a client of ours: it frames, numbers and types the messages, and its `is` functions
// judge what comes back. Prints one JSON object. Arguments: the folder, the file to open, then the server's command line.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const lsp = createRequire(join(process.env.NODE_LIBRARIES, "x.js"))("vscode-languageserver-protocol/node");
const [folder, path, ...command] = process.argv.slice(2);
const server = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
const client = lsp.createProtocolConnection(
  new lsp.StreamMessageReader(server.stdout),
  new lsp.StreamMessageWriter(server.stdin),
);
const root = pathToFileURL(folder).toString();
const uri = pathToFileURL(join(folder, path)).toString();
const found = { faults: [], logged: [], registered: [] };

client.onError((error) => found.faults.push(String(error[0])));
client.onNotification(lsp.LogMessageNotification.type, (said) => found.logged.push(said.message));
client.onRequest(lsp.RegistrationRequest.type, (asked) => {
  found.registered.push(...asked.registrations.map((one) => one.method));
});
const published = new Promise((done) => {
  client.onNotification(lsp.PublishDiagnosticsNotification.type, (said) => said.uri === uri && done(said.diagnostics));
});
client.listen();

const judge = (name, things, is) => {
  found[name] = things.length;
  for (const one of things) if (!is(one)) found.faults.push(`${name}: ${JSON.stringify(one)}`);
};

// What VS Code announces of what matters here.
const answer = await client.sendRequest(lsp.InitializeRequest.type, {
  processId: process.pid,
  clientInfo: { name: "Visual Studio Code", version: "1.105.0" },
  rootUri: root,
  rootPath: folder,
  workspaceFolders: [{ uri: root, name: "shop" }],
  capabilities: {
    general: { positionEncodings: ["utf-16"] },
    workspace: {
      applyEdit: true,
      configuration: true,
      workspaceFolders: true,
      workspaceEdit: { documentChanges: true, failureHandling: "textOnlyTransactional" },
      didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    },
    textDocument: {
      synchronization: { dynamicRegistration: true, didSave: true },
      publishDiagnostics: {
        relatedInformation: true,
        versionSupport: true,
        codeDescriptionSupport: true,
        tagSupport: { valueSet: [1, 2] },
      },
      hover: { dynamicRegistration: true, contentFormat: ["markdown", "plaintext"] },
      completion: { contextSupport: true, completionItem: { snippetSupport: true } },
      definition: { linkSupport: true },
      references: { dynamicRegistration: true },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix"] } } },
    },
    window: { workDoneProgress: true },
  },
});
found.encoding = answer.capabilities.positionEncoding;
await client.sendNotification(lsp.InitializedNotification.type, {});
const text = readFileSync(join(folder, path), "utf8");
await client.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: "properties", version: 1, text },
});
const diagnostics = await published;
judge("diagnostics", diagnostics, lsp.Diagnostic.is);
const textDocument = { uri };
const at = { textDocument, position: diagnostics[0].range.start };
judge("hovers", [await client.sendRequest(lsp.HoverRequest.type, at)], lsp.Hover.is);
judge("definitions", await client.sendRequest(lsp.DefinitionRequest.type, at), lsp.Location.is);
const context = { includeDeclaration: true };
judge("references", await client.sendRequest(lsp.ReferencesRequest.type, { ...at, context }), lsp.Location.is);
judge(
  "actions",
  await client.sendRequest(lsp.CodeActionRequest.type, {
    textDocument,
    range: diagnostics[0].range,
    context: { diagnostics },
  }),
  lsp.CodeAction.is,
);
judge("symbols", await client.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument }), lsp.DocumentSymbol.is);
judge(
  "proposals",
  await client.sendRequest(lsp.CompletionRequest.type, at),
  (one) => typeof one.label === "string" && lsp.TextEdit.is(one.textEdit),
);
server.on("exit", (code) => {
  found.exit = code;
  console.log(JSON.stringify(found));
  process.exit(0);
});
await client.sendRequest(lsp.ShutdownRequest.type);
await client.sendNotification(lsp.ExitNotification.type);
