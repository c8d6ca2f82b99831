export default function (eleventy) {
  eleventy.addGlobalData("layout", "page.njk");
  eleventy.setQuietMode(true);
}
export const config = {
  dir: { input: "content", includes: "../layouts", output: "public" },
  markdownTemplateEngine: false,
};
