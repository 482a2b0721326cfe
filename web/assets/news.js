// Tells on an open page how much is new since it was made. It loads nothing by itself: whoever reads chooses when.
const place = document.getElementById("news");
if (place) {
  const source = new EventSource(place.dataset.events);
  source.addEventListener("new", (event) => {
    const many = Number(event.data);
    if (!Number.isInteger(many) || many < 1) return;
    const says = many === 1 ? "1 report came since you loaded this page." : `${many} reports came since you loaded this page.`;
    const region = place.querySelector("[role=status]");
    // Whoever listens to the page hears it once: the same words again are no news.
    if (region.textContent !== says) region.textContent = says;
    region.nextElementSibling.hidden = false;
  });
  // The house has no place for another open page. It says so once, and nobody asks again until the page is loaded anew.
  source.addEventListener("silent", (event) => {
    source.close();
    const others = Number(event.data);
    const why = others > 0 ? `${others} others of yours are open` : "too many pages are open here";
    const region = place.querySelector("[role=status]");
    // What came before stays said: only what comes from now on is not heard of.
    const came = region.nextElementSibling.hidden ? "" : `${region.textContent} `;
    region.textContent = `${came}This page is not live: ${why}. Reload to see news.`;
  });
  addEventListener("pagehide", () => source.close());
}
