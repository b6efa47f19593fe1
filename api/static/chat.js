// The chat works without this file. With it, messages arrive by themselves, and what could not be
// sent is sent again under the same id, so that it arrives once.
"use strict";
(() => {
  const lines = document.getElementById("lines");
  const composer = document.getElementById("composer");
  const text = document.getElementById("text");
  const offline = document.getElementById("offline");
  let last = Number(lines.dataset.last);
  const queue = [];
  let sending = false;

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
  const toEnd = () => window.scrollTo(0, document.body.scrollHeight);

  function showSending(label) {
    const line = document.createElement("article");
    line.className = "line mine sending";
    const p = document.createElement("p");
    p.textContent = label;
    line.append(p);
    lines.append(line);
    toEnd();
    return line;
  }

  async function drain() {
    if (sending) return;
    sending = true;
    while (queue.length) {
      const { fields, line } = queue[0];
      try {
        const answer = await fetch(lines.dataset.send, {
          method: "POST",
          headers: { "X-Requested-With": "fetch" },
          body: new URLSearchParams(fields),
        });
        if (!answer.ok && (answer.status >= 500 || answer.status === 429)) throw new Error("later");
        offline.hidden = true;
        queue.shift();
        if (!answer.ok) line.remove();
        else line.dataset.sent = "1";
      } catch {
        offline.hidden = false;
        await pause(2000);
      }
    }
    sending = false;
  }

  function say(fields, label) {
    document.getElementById("hint")?.remove();
    queue.push({ fields: { ...fields, nonce: newId() }, line: showSending(label) });
    drain();
  }

  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = text.value.trim();
    if (!value) return;
    say({ text: value }, value);
    text.value = "";
    text.style.height = "";
    text.focus();
  });

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  text.addEventListener("input", () => {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight + 2, 130)}px`;
  });

  lines.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "button") say({ button: button.value }, button.querySelector("span").textContent);
  });

  lines.addEventListener("click", (event) => {
    const button = event.target.closest(".location");
    if (!button) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => say({ latitude: String(coords.latitude), longitude: String(coords.longitude) }, "📍 Lokasi dikirim"),
      () => { button.textContent = "Lokasi tidak terbaca. Tulis nama desanya saja."; button.disabled = true; },
      { timeout: 15000 },
    );
  });

  function prepare(root) {
    if (navigator.geolocation) root.querySelectorAll(".location").forEach((button) => { button.hidden = false; });
    root.querySelectorAll("time").forEach((time) => {
      const at = new Date(time.dateTime);
      time.textContent = at.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
    });
  }

  async function listen() {
    for (;;) {
      try {
        const url = new URL(lines.dataset.url, location.href);
        url.searchParams.set("after", String(last));
        const answer = await fetch(url);
        if (answer.status === 200) {
          document.getElementById("hint")?.remove();
          const holder = document.createElement("template");
          holder.innerHTML = await answer.text();
          holder.content.querySelectorAll(".mine").forEach(() => lines.querySelector(".sending[data-sent]")?.remove());
          prepare(holder.content);
          holder.content.querySelectorAll("[data-id]").forEach((line) => { last = Math.max(last, Number(line.dataset.id)); });
          // Lines still on their way stay below what has arrived.
          const waiting = lines.querySelector(".sending");
          lines.insertBefore(holder.content, waiting);
          toEnd();
        } else if (answer.status !== 204) {
          await pause(3000);
        }
      } catch {
        await pause(3000);
      }
    }
  }

  prepare(lines);
  toEnd();
  listen();
})();
