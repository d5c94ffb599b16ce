// Asks through the proxy with each official client of Node, and prints one line for each thing that came back.
import fs from 'node:fs';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { generateText, streamText, tool, jsonSchema } from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { createAnthropic } from '@ai-sdk/anthropic';

const [base, apiKey, manifest] = process.argv.slice(2);
const { name, description, inputSchema } = JSON.parse(fs.readFileSync(manifest)).tools[0];
const question = [{ role: 'user', content: 'What is copper at?' }];
const told = (text, calls) => text + calls.map(([called, input]) => `${called} ${JSON.stringify(input)}`).join();

const openai = new OpenAI({ apiKey, baseURL: `${base}/v1`, maxRetries: 0 });
const openaiTools = [{ type: 'function', function: { name, description, parameters: inputSchema } }];
const ofOpenAi = ({ message }) =>
  told(message.content ?? '', (message.tool_calls ?? []).map((c) => [c.function.name, JSON.parse(c.function.arguments)]));

const anthropic = new Anthropic({ apiKey, baseURL: base, maxRetries: 0 });
const anthropicTools = [{ name, description, input_schema: inputSchema }];
const ofAnthropic = ({ content }) =>
  told(
    content.filter((b) => b.type === 'text').map((b) => b.text).join(''),
    content.filter((b) => b.type === 'tool_use').map((b) => [b.name, b.input]));

const sdkTools = { [name]: tool({ description, inputSchema: jsonSchema(inputSchema) }) };
const sdk = (provider) => ({
  plain: async (model, tools) => ofSdk(await generateText({ ...settings(provider, model), ...(tools && { tools: sdkTools }) })),
  streamed: async (model, tools) => {
    const answer = streamText({ ...settings(provider, model), ...(tools && { tools: sdkTools }) });
    return ofSdk({ text: await answer.text, toolCalls: await answer.toolCalls });
  },
});
const settings = (provider, model) =>
  ({ model: provider(model), prompt: question[0].content, maxRetries: 0, maxOutputTokens: 50 });
const ofSdk = ({ text, toolCalls }) => told(text, toolCalls.map((c) => [c.toolName, c.input]));

const clients = {
  openai: {
    plain: async (model, tools) =>
      ofOpenAi((await openai.chat.completions.create({ model, messages: question, ...(tools && { tools: openaiTools }) })).choices[0]),
    streamed: async (model, tools) =>
      ofOpenAi((await openai.chat.completions
        .stream({ model, messages: question, ...(tools && { tools: openaiTools }) })
        .finalChatCompletion()).choices[0]),
  },
  '@anthropic-ai/sdk': {
    plain: async (model, tools) =>
      ofAnthropic(await anthropic.messages.create(
        { model, max_tokens: 50, messages: question, ...(tools && { tools: anthropicTools }) })),
    streamed: async (model, tools) =>
      ofAnthropic(await anthropic.messages
        .stream({ model, max_tokens: 50, messages: question, ...(tools && { tools: anthropicTools }) })
        .finalMessage()),
  },
  '@ai-sdk/openai': sdk(createOpenAI({ apiKey, baseURL: `${base}/v1` }).chat),
  '@ai-sdk/anthropic': sdk(createAnthropic({ apiKey, baseURL: `${base}/v1` })),
};

for (const [client, ways] of Object.entries(clients)) {
  for (const model of ['gpt-4o-mini', 'claude']) {
    for (const [way, ask] of Object.entries(ways)) {
      for (const tools of [false, true]) {
        const line = await ask(model, tools).catch((e) => `FAILED ${e.message}`);
        console.log(`${client}, ${model}, ${way}: ${line}`);
      }
    }
  }
}
