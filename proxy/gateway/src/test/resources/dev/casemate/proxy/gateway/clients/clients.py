"""Asks through the proxy with each official client of Python, and prints one line for each thing that came back."""

import json
import sys

from anthropic import Anthropic
from openai import OpenAI

base, key, manifest = sys.argv[1:]
tool = json.load(open(manifest))["tools"][0]
name, description, schema = tool["name"], tool["description"], tool["inputSchema"]
question = [{"role": "user", "content": "What is copper at?"}]


def told(text, calls):
    return text + ",".join(called + " " + json.dumps(given, separators=(",", ":")) for called, given in calls)


class OfOpenAi:
    client = OpenAI(api_key=key, base_url=base + "/v1", max_retries=0)
    tools = [{"type": "function", "function": {"name": name, "description": description, "parameters": schema}}]

    def settings(self, model, tools):
        return {"model": model, "messages": question} | ({"tools": self.tools} if tools else {})

    def plain(self, model, tools):
        return self.said(self.client.chat.completions.create(**self.settings(model, tools)))

    def streamed(self, model, tools):
        with self.client.chat.completions.stream(**self.settings(model, tools)) as stream:
            return self.said(stream.get_final_completion())

    def said(self, completion):
        message = completion.choices[0].message
        calls = [(c.function.name, json.loads(c.function.arguments)) for c in message.tool_calls or []]
        return told(message.content or "", calls)


class OfAnthropic:
    client = Anthropic(api_key=key, base_url=base, max_retries=0)
    tools = [{"name": name, "description": description, "input_schema": schema}]

    def settings(self, model, tools):
        return {"model": model, "max_tokens": 50, "messages": question} | ({"tools": self.tools} if tools else {})

    def plain(self, model, tools):
        return self.said(self.client.messages.create(**self.settings(model, tools)))

    def streamed(self, model, tools):
        with self.client.messages.stream(**self.settings(model, tools)) as stream:
            return self.said(stream.get_final_message())

    def said(self, message):
        calls = [(b.name, b.input) for b in message.content if b.type == "tool_use"]
        return told("".join(b.text for b in message.content if b.type == "text"), calls)


for title, client in (("openai", OfOpenAi()), ("anthropic", OfAnthropic())):
    for model in ("gpt-4o-mini", "claude"):
        for way in ("plain", "streamed"):
            for tools in (False, True):
                try:
                    line = getattr(client, way)(model, tools)
                except Exception as e:
                    line = "FAILED " + str(e)
                print(f"{title}, {model}, {way}: {line}")
