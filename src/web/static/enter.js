// A link from elsewhere comes without the cookie that only our own pages send: who has it is let in at once.

const back = document.getElementById("enter").dataset.back;
const answer = await fetch("/changes").catch(() => null);
if (answer?.ok) location.replace(back);
