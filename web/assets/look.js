// Takes a picture off the page as soon as somebody looks away, and when its time is over. It cannot be called back:
// its address has served, and another look is another act.
const figure = document.getElementById("picture");
if (figure) {
  const hide = () => {
    figure.querySelector("img")?.remove();
    document.getElementById("picture-hidden").hidden = false;
  };
  window.addEventListener("blur", hide);
  window.addEventListener("pagehide", hide);
  document.addEventListener("visibilitychange", () => document.hidden && hide());
  setTimeout(hide, Number(figure.dataset.seconds) * 1000);
}
